"""The tick stops for hours or days: what is sent then, what is not, and what people are told."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from scheduling import delivery, housekeeping
from scheduling.models import MailSender, Prompt
from scheduling.timetable import local
from scheduling.watch import mail_health
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.scheduling import worker
from tests.scheduling.lives import at, open_week
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db

HOURS, DAYS = timedelta(hours=1), timedelta(days=1)
END = at("2026-03-01 00:00")
SAYS = {
    "late": "Sorry, this comes late; that was us.",
    "last week not sent": "We could not send you last week’s email in time; that was us.",
    "offers": "Each of these is as good as going on",
}
ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Africa/Casablanca",
]


@dataclass
class Came:
    """One mail: `at` in UTC."""

    at: datetime
    row: Prompt
    mail: EmailMessage

    @property
    def told(self) -> list[str]:
        said = " ".join(self.mail.body.split())
        return [name for name, words in SAYS.items() if words in said]

    def __str__(self) -> str:
        week = f" {self.row.occurrence}" if self.row.occurrence else ""
        told = f" ({', '.join(self.told)})" if self.told else ""
        return f"{self.at:%a %d %b %H:%M} {self.row.kind}{week}{told}"


@dataclass
class Outage:
    start: datetime
    length: timedelta

    @property
    def end(self) -> datetime:
        return self.start + self.length


def live_through(outage: Outage, outbox: list[EmailMessage], *, opens: bool = False) -> list[Came]:
    """Tick whenever something is due, but not in the outage; they open what comes at once, or never."""
    came: list[Came] = []
    now = MONDAY
    while now < END:
        delivery.run(clock=partial(_at, now), limit=200)
        housekeeping.tidy(now=now)
        new = outbox[len(came) :]
        came += [Came(now, Prompt.objects.get(message_id=_id(each)), each) for each in new]
        for each in came[-len(new) :] if opens and new else []:
            if each.row.kind == "session":
                open_week(each.row.enrolment, each.row.occurrence, now)
        now = _next_tick(now, outage)
    return came


def _at(now: datetime) -> datetime:
    return now


def _id(mail: EmailMessage) -> str:
    return mail.extra_headers["Message-ID"]


def _next_tick(now: datetime, outage: Outage) -> datetime:
    planned = Prompt.objects.planned().order_by("next_attempt_at").first()
    moment = max(now + timedelta(minutes=1), planned.next_attempt_at) if planned else END
    return outage.end if outage.start <= moment < outage.end else moment


def deviations() -> list[str]:
    rows = Prompt.objects.filter(state="missed").order_by("due_at")
    return [f"{each.kind} {each.occurrence}" for each in rows]


# Sessions fall due on Thursdays at seven in the evening, from 8 January 2026.
TABLE = [
    pytest.param(
        Outage(at("2026-01-08 18:30"), 3 * HOURS),
        ["Thu 08 Jan 21:30 session 1", "Sun 11 Jan 19:00 nudge 1", "Thu 15 Jan 19:00 session 2"],
        [],
        id="three hours, on the first evening",
    ),
    pytest.param(
        Outage(at("2026-01-08 18:30"), 3 * DAYS),
        ["Sun 11 Jan 18:30 session 1 (late)", "Thu 15 Jan 19:00 session 2"],
        [],
        id="three days, from the first evening: no reminder on the eve of the next week",
    ),
    pytest.param(
        Outage(at("2026-01-10 12:00"), 3 * DAYS),
        ["Thu 08 Jan 19:00 session 1", "Tue 13 Jan 12:00 nudge 1", "Thu 15 Jan 19:00 session 2"],
        [],
        id="three days, between two weeks",
    ),
    pytest.param(
        Outage(at("2026-01-10 12:00"), 4 * DAYS),
        ["Thu 08 Jan 19:00 session 1", "Thu 15 Jan 19:00 session 2"],
        ["nudge 1"],
        id="four days, between two weeks",
    ),
    pytest.param(
        Outage(at("2026-01-08 18:30"), 10 * DAYS),
        ["Sun 18 Jan 18:30 session 2 (late, last week not sent)", "Thu 22 Jan 19:00 session 3"],
        ["session 1"],
        id="ten days, from the first evening",
    ),
    pytest.param(
        Outage(at("2026-01-15 18:30"), 10 * DAYS),
        [
            "Sun 25 Jan 18:30 session 3 (late, last week not sent)",
            "Thu 29 Jan 19:00 session 4 (offers)",
        ],
        ["session 2"],
        id="ten days, from the second week",
    ),
    pytest.param(
        Outage(at("2026-01-29 18:30"), 3 * DAYS),
        ["Sun 01 Feb 18:30 session 4 (late, offers)", "Thu 05 Feb 19:00 farewell"],
        [],
        id="three days, from the last week",
    ),
    pytest.param(
        Outage(at("2026-01-29 18:30"), 10 * DAYS),
        ["Sun 08 Feb 18:30 farewell (last week not sent)"],
        ["session 4"],
        id="ten days, from the last week",
    ),
]


@pytest.mark.parametrize(("outage", "expected", "missed"), TABLE)
def test_what_comes_after_an_outage_and_what_it_says(
    outage: Outage, expected: list[str], missed: list[str], mailoutbox: list[EmailMessage]
) -> None:
    """To someone who opens nothing. The table has what came around the outage."""
    enrolled()
    came = [str(each) for each in live_through(outage, mailoutbox)]
    first = came.index(expected[0])
    assert came[first : first + len(expected)] == expected
    assert deviations() == missed


def test_after_ten_days_someone_who_opens_their_weeks_is_sent_the_rest_as_planned(
    mailoutbox: list[EmailMessage],
) -> None:
    enrolled()
    came = live_through(Outage(at("2026-01-15 18:30"), 10 * DAYS), mailoutbox, opens=True)
    assert [str(each) for each in came] == [
        "Mon 05 Jan 09:00 welcome",
        "Thu 08 Jan 19:00 session 1",
        "Sun 25 Jan 18:30 session 3 (late, last week not sent)",
        "Thu 29 Jan 19:00 session 4",
        "Thu 05 Feb 19:00 farewell",
    ]


@pytest.mark.parametrize("length", [3 * HOURS, 3 * DAYS, 10 * DAYS], ids=str)
@pytest.mark.parametrize("start", ["2026-01-08 03:00", "2026-01-19 12:00", "2026-01-30 20:00"])
def test_an_outage_is_told_truly_to_everyone_wherever_they_are(
    start: str, length: timedelta, mailoutbox: list[EmailMessage]
) -> None:
    study = StudyFactory()
    for number, zone in enumerate(ZONES):
        enrolled(study=study, zone=zone, weekday=number + 1, time=f"{7 + 3 * number}:30")
    outage = Outage(at(start), length)
    came = live_through(outage, mailoutbox)
    assert max(Counter(each.row.pk for each in came).values()) == 1
    assert not any(outage.start <= each.at < outage.end for each in came)
    assert not Prompt.objects.filter(state__in=["planned", "sending", "unconfirmed"]).exists()
    for each in came:
        check_evidence(each)
    for person in study.enrolments.all():
        check_weeks(person, [each for each in came if each.row.enrolment == person], outage)


def check_evidence(came: Came) -> None:
    row = came.row
    assert row.sent_at == came.at
    late = row.kind == "session" and came.at - row.due_at > DAYS
    assert ("late" in came.told) == late
    before = Prompt.objects.filter(
        enrolment=row.enrolment, kind="session", occurrence=(row.occurrence or 5) - 1
    )
    missed = row.kind in {"session", "farewell"} and before.filter(state="missed").exists()
    assert ("last week not sent" in came.told) == missed


def check_weeks(person, came: list[Came], outage: Outage) -> None:
    """No two sessions within a day; every plan stands, and every week opened when it was planned."""
    sessions = [each.at for each in came if each.row.kind == "session"]
    assert all(after - before >= DAYS for before, after in pairwise(sessions))
    rows = person.prompts.filter(kind="session").order_by("occurrence")
    zone = person.rhythm.zone
    assert [local(each.due_at, zone).date() for each in rows] == [
        person.rhythm.first_date + timedelta(weeks=week) for week in range(4)
    ]
    assert list(person.sessions.in_order().values_list("opens_at", flat=True)) == [
        each.due_at for each in rows
    ]
    for each in rows.filter(state="missed"):
        assert outage.start <= each.due_at < outage.end
    nudges = [each.at for each in came if each.row.kind == "nudge"]
    # A reminder may be two days late, and the next one is on time all the same.
    assert all(after - before >= 5 * DAYS for before, after in pairwise(nudges))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="Celery is run with PostgreSQL")
def test_a_wrong_password_for_an_hour_fails_nobody(
    mail_over_smtp: SmtpSink, redis_url: str, settings, time_machine
) -> None:
    assert connection.vendor == "postgresql"
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "sessions", "not any more"
    study, start = StudyFactory(), MONDAY
    rows = [
        PromptFactory(due_at=start + timedelta(minutes=3 * number), enrolment__study=study)
        for number in range(24)
    ]
    addresses = [each.enrolment.user.email for each in rows]
    mail_over_smtp.answer("AUTH", "535 5.7.8 Not with that password")
    with worker.running(redis_url, concurrency=1) as bench:
        for minute in range(60):
            tick_at(bench, time_machine, start + timedelta(minutes=minute))
            assert set(Prompt.objects.values_list("state", flat=True)) == {"planned"}
        health = mail_health(start + timedelta(minutes=60))
        assert (health.is_well, health.reason) == (False, "AUTH 535 5.7.8")
        assert mail_over_smtp.received == []
        mail_over_smtp.forgive()
        for minute in range(60, 75):
            tick_at(bench, time_machine, start + timedelta(minutes=minute))
    received = [each.rcpt_tos[0] for each in mail_over_smtp.received]
    assert [each for each in received if each in addresses] == addresses
    assert Counter(Prompt.objects.values_list("state", flat=True)) == {"sent": 24}
    assert not MailSender.objects.filter(stopped_at__isnull=False).exists()


def tick_at(bench: worker.Bench, time_machine, moment: datetime) -> None:
    time_machine.move_to(moment)
    bench.tick()
