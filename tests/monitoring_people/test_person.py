"""One person: what happened in its order, what is next, and none of who they are."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client

from monitoring.models import AccessLog, StaffAction
from monitoring.person import told_use
from participants.models import Enrolment, Session, User
from scheduling import bounces, prompts, services
from scheduling.models import Heartbeat, Prompt, Rhythm
from studies.models import Study
from tests.factories.participants import (
    EngagementFactory,
    EnrolmentFactory,
    PlayFactory,
    PracticeFactory,
    UserFactory,
    invited,
)
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import ArmFactory
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import cells, holding, main_of
from tests.scheduling.lives import at, live, row

pytestmark = pytest.mark.django_db

ANN = "ann@example.org"


def page_of(client: Client, person: Enrolment):
    response = client.get(f"/staff/calm/people/{person.code}/")
    assert response.status_code == 200
    return response


def happened(client: Client, person: Enrolment) -> list[str]:
    """ "Thu 8 Jan: Week 1: opened the week", the newest first."""
    days = page_of(client, person).context["days"]
    return [
        f"{day.day:%a} {day.day.day} {day.day:%b}: {e.what}" for day in days for e in day.entries
    ]


def ahead(client: Client, person: Enrolment) -> list[str]:
    return [f"{e.at:%a %d %b %H:%M} {e.what}" for e in page_of(client, person).context["ahead"]]


# What happened


def test_a_week_is_told_from_the_mail_to_the_last_word(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    live(MONDAY, at("2026-01-09 00:00"))
    week = person.sessions.get(module__week=1)
    evening = at("2026-01-08 20:00")
    EngagementFactory(session=week, at=evening)
    PlayFactory(session=week, started_at=evening + timedelta(minutes=5), seconds=70)
    handout = week.module.materials.get(key="handout")
    EngagementFactory(
        session=week, kind="read", material=handout, at=evening + timedelta(minutes=20)
    )
    PracticeFactory(session=week, noted_at=evening + timedelta(days=1))
    Session.objects.filter(pk=week.pk).update(
        first_opened_at=evening, finished_at=evening + timedelta(days=1, hours=1)
    )

    assert happened(researcher, person) == [
        "Fri 9 Jan: Week 1: finished, by own word",
        "Fri 9 Jan: Week 1: noted practice, “Soothing rhythm breathing”",
        "Thu 8 Jan: Weekly session 1: sent",
        "Thu 8 Jan: Week 1: read the handout",
        "Thu 8 Jan: Week 1: played “Why we are hard on ourselves”, 1:10",
        "Thu 8 Jan: Week 1: opened the week",
        "Mon 5 Jan: Welcome, with the dates: sent",
        "Mon 5 Jan: Chose a day",
        "Mon 5 Jan: Agreed to Consent form, version 1",
    ]


def test_what_became_of_the_plan_is_told_in_plain_words(study: Study, researcher: Client) -> None:
    person = enrolled(study=study, user__email=ANN)
    live(MONDAY, at("2026-01-09 00:00"))
    friday = at("2026-01-09 09:00")
    hours = [friday + timedelta(hours=n) for n in range(8)]
    services.change_day(
        enrolment=person, weekday=6, local_time=time(10), zone="Europe/London", now=hours[0]
    )
    services.pause(enrolment=person, until=date(2026, 2, 3), now=hours[1])
    services.pause(enrolment=person, until=date(2026, 2, 10), now=hours[2])
    services.resume(enrolment=person, now=hours[3])
    services.another_week(enrolment=person, now=hours[4])
    services.stop_mail(enrolment=person, now=hours[5])
    services.restart_mail(enrolment=person, now=hours[6])
    bounces.complained(prompt=row(person, "session", 1), recipient=ANN, now=hours[7])

    days = page_of(researcher, person).context["days"]
    assert [(e.mark, e.what, e.detail) for e in days[0].entries][::-1] == [
        (
            "own",
            "Changed the day: Saturday, 10:00, Europe/London",
            "Before: Thursday, 19:00, Europe/London",
        ),
        ("own", "Began a break: until Tuesday 3 February 2026", ""),
        ("own", "Changed the break: until Tuesday 10 February 2026", ""),
        ("own", "Ended the break", ""),
        ("own", "Took another week", "What was ahead comes a week later"),
        ("own", "Switched emails off", ""),
        ("own", "Switched emails on", ""),
        ("look", "Weekly session 1: reported as spam", ""),
        ("look", "Switched emails off", "A mail to them was called spam"),
    ]


def test_mails_that_did_not_go_as_they_should_are_told_and_marked(
    study: Study, researcher: Client
) -> None:
    person = enrolled(study=study)
    Prompt.objects.all().delete()
    PromptFactory(
        enrolment=person, kind="session", occurrence=1, state="failed", attempts=1,
        reason="address_refused", settled_at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    PromptFactory(
        enrolment=person, kind="session", occurrence=2, state="unconfirmed", attempts=1,
        reason="no_answer", attempted_at=MONDAY + timedelta(hours=2),
    )  # fmt: skip
    came_back = PromptFactory(
        enrolment=person,
        kind="session",
        occurrence=3,
        sent=True,
        due_at=MONDAY + timedelta(hours=3),
    )
    prompts.bounced(came_back, now=MONDAY + timedelta(hours=4))
    prompts.complained(came_back, now=MONDAY + timedelta(hours=5))
    PromptFactory(
        enrolment=person, kind="nudge", occurrence=1, state="skipped", reason="opened",
        settled_at=MONDAY + timedelta(hours=6),
    )  # fmt: skip

    days = page_of(researcher, person).context["days"]
    told = [(entry.mark, entry.what, entry.detail) for entry in days[0].entries]
    assert told[:6] == [
        ("note", "Gentle reminder 1: Not needed", "The week was opened already"),
        ("look", "Weekly session 3: reported as spam", ""),
        ("look", "Weekly session 3: came back", ""),
        ("mail", "Weekly session 3: sent", "Wording 2"),
        (
            "look",
            "Weekly session 2: Unconfirmed",
            "The mail server did not confirm. Tried once",
        ),
        ("look", "Weekly session 1: Failed", "The address was refused. Tried once"),
    ]


def test_mail_that_was_settled_later_is_told_twice(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study, consented_at=MONDAY)
    mail = PromptFactory(enrolment=person, sent=True)
    later = mail.due_at + timedelta(days=1)
    PromptFactory(enrolment=person, copy=1, sent=True, settled_at=later)
    assert happened(researcher, person)[:2] == [
        "Fri 9 Jan: Copy of what was agreed, again: known to have arrived",
        "Thu 8 Jan: Copy of what was agreed, again: sent",
    ]


def test_days_are_the_persons_own_and_hours_are_said_in_both_clocks(
    study: Study, researcher: Client
) -> None:
    """19:30 in London on the 8th is 4:30 in Tokyo on the 9th."""
    person = enrolled(study=study, zone="Asia/Tokyo")
    week = person.sessions.get(module__week=1)
    EngagementFactory(session=week, at=datetime(2026, 1, 8, 19, 30, tzinfo=UTC))
    response = page_of(researcher, person)
    assert "Fri 9 Jan: Week 1: opened the week" in happened(researcher, person)
    said = main_of(response)
    assert "04:30 Week 1: opened the week 19:30 UTC" in said
    assert "By the clock of Asia/Tokyo, with UTC beside it." in said


def test_steps_of_somebody_who_left_are_told_without_their_reason(
    study: Study, researcher: Client
) -> None:
    person = enrolled(study=study)
    Enrolment.objects.filter(pk=person.pk).update(
        status="withdrawn", withdrawal="everything", withdrawn_at=MONDAY, withdrawal_since=NOW,
        withdrawal_reason="My sister Ann is ill",
    )  # fmt: skip
    response = page_of(researcher, person)
    told = [each for each in happened(researcher, person) if "Welcome" not in each]
    assert told[:2] == [
        "Mon 12 Jan: Went on to: Stop everything; what was collected is kept",
        "Mon 5 Jan: Withdrew: Stop the training, but go on answering questions",
    ]
    assert "sister" not in response.content.decode()


def test_invitation_and_how_it_ended_is_told(study: Study, researcher: Client) -> None:
    person = invited(study=study, invited_at=MONDAY, source="clinic")
    person.invitation.ended_at, person.invitation.ending = NOW, "unanswered"
    person.invitation.save()
    Enrolment.objects.filter(pk=person.pk).update(status="unjoined", erased_at=NOW, user=None)
    assert happened(researcher, person) == [
        "Mon 12 Jan: Identity erased",
        "Mon 12 Jan: The invitation ended: Not answered",
        "Mon 5 Jan: Invited",
    ]


def test_consent_taken_elsewhere_says_so_and_not_by_whom(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study, agreed=False, consented_at=MONDAY)
    form = study.documents.get(kind="consent")
    for statement in form.statements.all():
        person.consent_answers.create(
            statement=statement, agreed=statement.required, method="elsewhere", answered_at=MONDAY,
            recorded_by=UserFactory(), taken_by="Dr Who",
        )  # fmt: skip
    response = page_of(researcher, person)
    [entry] = response.context["days"][0].entries
    assert entry.what == "Agreed to Consent form, version 1"
    assert (
        entry.detail
        == "Taken elsewhere. read: yes, free: yes, watch: yes, data: yes, interview: no"
    )
    assert "Dr Who" not in response.content.decode()


def test_long_history_is_cut_and_says_so(
    study: Study, researcher: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told_use, "MOST", 3)
    person = enrolled(study=study)
    week = person.sessions.get(module__week=1)
    for minute in range(4):
        EngagementFactory(session=week, at=MONDAY + timedelta(minutes=minute))
    page = page_of(researcher, person)
    assert len([each for each in happened(researcher, person) if "opened" in each]) == 3
    assert "the export holds all" in main_of(page)


# What staff did, and who may know


def test_what_staff_did_is_told_with_who_and_why(study: Study) -> None:
    person = EnrolmentFactory(study=study, consented_at=MONDAY)
    colleague = UserFactory(researcher_of=study, email="rea@example.org")
    StaffAction.objects.create(
        study=study, enrolment=person, by=colleague, kind="pause", why="On holiday", at=NOW
    )
    AccessLog.objects.create(by=colleague, enrolment=person, at=NOW, why="They rang")

    def told(*rights: str) -> list[tuple[str, str]]:
        [day] = page_of(holding(study, *rights), person).context["days"][:1]
        return [(entry.what, entry.why) for entry in day.entries]

    who = f"colleague {colleague.pk}"
    assert told() == [(f"Began a break, by {who}", "")]
    assert told("manages") == [
        (f"Looked at who this is, by {who}", "They rang"),
        (f"Began a break, by {who}", "On holiday"),
    ]
    assert told("sees_identity") == [("Began a break, by rea@example.org", "")]


def test_arm_and_its_record_are_for_those_who_may_see_arms(study: Study) -> None:
    arm = ArmFactory(study=study, key="waiting", name="Waiting list")
    person = EnrolmentFactory(study=study, arm=arm, allocated_at=NOW, consented_at=MONDAY)
    StaffAction.objects.create(
        study=study, enrolment=person, kind="allocate", why="Envelope 7", at=NOW,
        details={"arm": "waiting"},
    )  # fmt: skip
    seen = page_of(holding(study, "manages", "sees_arm"), person).content.decode()
    blind = page_of(holding(study, "manages", "sees_identity"), person).content.decode()
    assert "Allocated to Waiting list" in seen
    assert "Envelope 7" in seen
    for words in ("Waiting list", "waiting", "Envelope 7", "Allocated", "allocated"):
        assert words not in blind


# What is next


def test_what_is_next_is_told_by_the_clock_of_the_person(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    live(MONDAY, at("2026-01-12 00:00"))
    assert ahead(researcher, person)[:3] == [
        "Thu 15 Jan 19:00 Weekly session 2",
        "Sun 18 Jan 19:00 Gentle reminder 2",
        "Thu 22 Jan 19:00 Weekly session 3",
    ]
    assert "Thursday 15 January 2026: Weekly session 2 15 Jan, 19:00 UTC" in main_of(
        page_of(researcher, person)
    )


def test_mail_that_waits_to_be_tried_again_says_so(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study)
    PromptFactory(
        enrolment=person, attempts=2, reason="busy", next_attempt_at=NOW + timedelta(minutes=9)
    )
    [entry] = page_of(researcher, person).context["ahead"]
    assert entry.detail == (
        "Tried 2 times, to be tried again at 12:09 UTC: The mail server asked to wait"
    )


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        ("address", "Emails to this person come back, so none of these goes"),
        ("off", "Emails are off: no session, reminder or last mail goes."),
    ],
)
def test_what_will_not_go_says_so_above_the_plan(
    study: Study, researcher: Client, mark: str, sentence: str
) -> None:
    person = enrolled(study=study)
    assert sentence not in main_of(page_of(researcher, person))
    if mark == "address":
        User.objects.filter(pk=person.user_id).update(address_failed_at=NOW)
    else:
        Rhythm.objects.update(mail_off_since=NOW)
    assert sentence in main_of(page_of(researcher, person))


def test_weeks_are_told_line_by_line(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    live(MONDAY, at("2026-01-09 00:00"))
    prompts.bounced(row(person, "session", 1), now=NOW)
    page = page_of(researcher, person).content.decode()
    lines = cells(page.split("<tbody>")[1].split("</tbody>")[0])
    assert lines[0] == ["1", "Thu 8 Jan, 19:00", "Came back", "–", "–", "–"]
    assert lines[1] == ["2", "Thu 15 Jan, 19:00", "Planned", "–", "–", "–"]


def test_person_who_has_not_chosen_a_day_has_an_empty_plan(
    study: Study, researcher: Client
) -> None:
    said = main_of(page_of(researcher, EnrolmentFactory(study=study)))
    assert "No mail is planned." in said
    assert "Week by week" not in said


def test_person_whose_zone_is_no_more_can_be_looked_at(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    Rhythm.objects.update(zone="Europe/Gone")
    assert "By the clock of Europe/London" in main_of(page_of(researcher, person))


# At what cost


@pytest.mark.parametrize("number", [1, 3])
def test_person_is_shown_by_the_same_number_of_questions(
    study: Study, number: int, django_assert_num_queries
) -> None:
    Heartbeat.objects.create(name="tick", beat_at=NOW)
    person, colleague = enrolled(study=study), UserFactory(researcher_of=study)
    week = person.sessions.get(module__week=1)
    for minute in range(number):
        EngagementFactory(session=week, at=MONDAY + timedelta(minutes=minute))
        PlayFactory(session=week)
        PracticeFactory(session=week)
        PromptFactory(enrolment=person, copy=minute, sent=True)
        StaffAction.objects.create(
            study=study, enrolment=person, by=colleague, kind="pause", why="-", at=NOW
        )
    client = holding(study, "manages", "sees_identity", "sees_arm")
    with django_assert_num_queries(25):
        page_of(client, person)
