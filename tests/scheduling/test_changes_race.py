"""A change of plan or words against the tick, each with its own connection to the database.

Whichever comes first: no week is sent twice or lost, each opens when its mail is due, and a mail
has the words it was begun with.
"""

from collections.abc import Callable
from datetime import date, time

import pytest

from participants.models import Enrolment
from scheduling import delivery, services, taking
from scheduling.models import Prompt, Rhythm, Wording
from scheduling.services import WrittenMeanwhile
from scheduling.services.pausing import keep_pausing
from scheduling.wordings import default_words
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.scheduling.lives import at, live, row, told
from tests.scheduling.test_races import at_once
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)

THURSDAY = at("2026-01-08 19:00")
BEFORE = at("2026-01-08 18:59")
ROUNDS = pytest.mark.parametrize("round_", range(4))


def change_day(ann: Enrolment) -> object:
    return services.change_day(
        enrolment=ann, weekday=6, local_time=time(10), zone="Asia/Kolkata", now=BEFORE
    )


def pause(ann: Enrolment) -> object:
    return services.pause(enrolment=ann, until=date(2026, 1, 20), now=BEFORE)


def another_week(ann: Enrolment) -> object:
    return services.another_week(enrolment=ann, now=BEFORE)


@pytest.mark.parametrize("change", [change_day, pause, another_week])
@ROUNDS
def test_a_change_against_the_tick_moves_the_week_or_leaves_it_alone(
    mail_over_smtp: SmtpSink, change: Callable[[Enrolment], object], round_: int
) -> None:
    ann = enrolled()
    at_once(lambda: delivery.run(clock=lambda: THURSDAY), lambda: change(ann))
    subjects = [each.message["Subject"] for each in mail_over_smtp.received]
    first = row(ann, "session", 1)
    assert subjects.count("Your Thursday session") == (first.state == "sent")
    assert (first.due_at == THURSDAY) == (first.state == "sent")
    assert first.state in {"planned", "sent"}
    assert_each_week_opens_when_its_mail_is_due(ann)


@ROUNDS
def test_ending_a_pause_against_the_tick_sends_each_week_once(
    mail_over_smtp: SmtpSink, round_: int
) -> None:
    """The mail of week two is due in the pause, so the tick puts it off while she ends it."""
    ann = enrolled()
    live(MONDAY, at("2026-01-08 22:00"))
    ann.rhythm.paused_until = date(2026, 2, 1)
    ann.rhythm.save()
    second = row(ann, "session", 2)
    at_once(
        lambda: delivery.run(clock=lambda: second.due_at),
        lambda: services.resume(enrolment=ann, now=second.due_at),
    )
    assert row(ann, "session", 2).state in {"planned", "sent"}
    assert ann.sessions.get(module__week=2).opens_at == second.due_at
    assert not Rhythm.objects.filter(paused_until__isnull=False)
    live(second.due_at, at("2026-03-10 19:00"))
    subjects = [each.message["Subject"] for each in mail_over_smtp.received]
    assert subjects.count("Your Thursday session") == 4
    assert told(row(ann, "farewell")) == "sent"


@ROUNDS
def test_a_pause_and_its_end_at_once_leave_one_plan(round_: int) -> None:
    ann = enrolled()
    pause(ann)
    at_once(lambda: pause(ann), lambda: services.resume(enrolment=ann, now=BEFORE))
    ann.rhythm.refresh_from_db()
    first = "2026-01-22" if ann.rhythm.paused_until else "2026-01-15"
    assert str(row(ann, "session", 1).local_date) == first
    assert_each_week_opens_when_its_mail_is_due(ann)


@ROUNDS
def test_new_words_against_the_tick_are_those_that_a_row_says_it_was_sent_in(
    mail_over_smtp: SmtpSink, round_: int
) -> None:
    study = StudyFactory()
    people = [enrolled(study=study) for _each in range(8)]
    new = Wording(study=study, kind="session", **default_words("session") | {"subject": "New"})
    at_once(
        lambda: delivery.run(clock=lambda: THURSDAY),
        lambda: services.write_wording(wording=new, version=2, now=THURSDAY),
    )
    received = {each.rcpt_tos[0]: each.message["Subject"] for each in mail_over_smtp.received}
    for person in people:
        prompt = row(person, "session", 1)
        said = {1: "Your Thursday session", 2: "New"}[prompt.wording.version]
        assert (prompt.state, received[person.user.email]) == ("sent", said)


@ROUNDS
@pytest.mark.parametrize("has_words", [True, False])
def test_of_two_editors_who_save_at_once_one_is_told(round_: int, *, has_words: bool) -> None:
    study = StudyFactory()
    if has_words:
        services.install_wordings(study=study, now=MONDAY)
    told_: list[int] = []

    def write(subject: str) -> None:
        words = default_words("session") | {"subject": subject}
        new = Wording(study=study, kind="session", **words)
        try:
            services.write_wording(wording=new, version=2, now=MONDAY)
        except WrittenMeanwhile as other:
            told_.append(other.newest.version)

    at_once(*[lambda name=name: write(name) for name in ("One", "Two", "Three")])
    assert told_ == [2, 2]
    versions = Wording.objects.filter(study=study, kind="session").order_by("version")
    assert list(versions.values_list("version", flat=True)) == [1, 2]


def assert_each_week_opens_when_its_mail_is_due(ann: Enrolment) -> None:
    due = Prompt.objects.filter(enrolment=ann, kind="session", copy=0).order_by("occurrence")
    opens = ann.sessions.in_order().values_list("opens_at", flat=True)
    assert list(opens) == list(due.values_list("due_at", flat=True))


def test_a_break_that_was_ended_is_not_begun_again_by_the_tick(mail_over_smtp: SmtpSink) -> None:
    """She ends it after the tick has seen her pause, and before it moves her mail."""
    ann = enrolled()
    live(MONDAY, MONDAY)
    pause(ann)
    ann.prompts.planned().of_kind("session").filter(occurrence=1).update(
        due_at=THURSDAY, next_attempt_at=THURSDAY
    )
    step = taking.Taker().next_step(settling=None, now=THURSDAY)
    assert step.verdict == "replan"
    services.resume(enrolment=ann, now=THURSDAY)
    assert not keep_pausing(enrolment=ann, now=THURSDAY)
    assert delivery.run(clock=lambda: THURSDAY).sent == 1
    assert told(row(ann, "session", 1)) == "sent"
