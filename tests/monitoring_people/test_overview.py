"""A study in numbers: each by its definition, and what is due in sight whatever else there is."""

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.overview.figures import Figures
from monitoring.people.this_week import Mails
from participants.measures import Week
from participants.models import Enrolment, User
from scheduling.models import Heartbeat, Prompt
from studies.models import ScreeningTally, Study
from tests.factories.participants import EnrolmentFactory, active_enrolment, invited, used
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import ArmFactory, StudyFactory
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import cells, holding, main_of, words

pytestmark = pytest.mark.django_db

PAGE = "/staff/calm/"


def figures(client: Client) -> Figures:
    return client.get(PAGE).context["figures"]


def shown(client: Client) -> dict[str, str]:
    """The large numbers by their words, as the page has them."""
    page = client.get(PAGE).content.decode().split('<dl class="figures')[1].split("</dl>")[0]
    pairs = [each.split("</dt>") for each in page.split("<dt>")[1:]]
    return {words(name): words(number) for name, number in pairs}


def tables(client: Client) -> list[list[list[str]]]:
    page = client.get(PAGE).content.decode()
    return [cells(each.split("</tbody>")[0]) for each in page.split("<tbody>")[1:]]


def leave(person: Enrolment, level: str) -> None:
    asked = MONDAY if level == "erasure" else None
    Enrolment.objects.filter(pk=person.pk).update(
        status="withdrawn", withdrawal=level, withdrawn_at=MONDAY, erasure_requested_at=asked
    )


def test_people_are_counted_by_where_they_are(study: Study, researcher: Client) -> None:
    ScreeningTally.objects.create(study=study, day=MONDAY.date(), count=9)
    ScreeningTally.objects.create(study=study, day=MONDAY.date(), unmet="adult", count=4)
    enrolled(study=study)
    EnrolmentFactory(study=study, consented_at=MONDAY)
    invited(study=study)
    for level in ("training", "training", "everything", "erasure"):
        leave(EnrolmentFactory(study=study), level)
    done = active_enrolment(study=study)
    used(done.sessions.all(), first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY)
    active_enrolment(study=study)  # since 2020, and never used

    assert shown(researcher) == {
        "assessed (screenings)": "13",
        "excluded (screenings)": "4",
        "invited, not joined yet": "1",
        "did not join": "0",
        "consented": "8",
        "joining": "1",
        "taking part": "3",
        "completed training": "1",
        "lost": "1",
        "withdrew from training": "2",
        "withdrew, data kept": "1",
        "withdrew with deletion": "1",
    }


def test_each_number_leads_to_as_many_people(study: Study, researcher: Client) -> None:
    test_people_are_counted_by_where_they_are(study, researcher)
    page = researcher.get(PAGE).content.decode()
    lines = page.split('<dl class="figures')[1].split("</dl>")[0].split("<div>")[1:]
    led = [line for line in lines if "href=" in line]
    assert len(led) == 9
    for line in led:
        address = html.unescape(line.split('href="')[1].split('"')[0])
        number = int(words(line.split("<dd>")[1]))
        assert researcher.get(address).context["page"].total == number, address


def test_test_people_and_other_studies_are_in_no_number(study: Study, researcher: Client) -> None:
    before = shown(researcher), tables(researcher), figures(researcher)
    person = enrolled(study=study, is_test=True)
    used(person.sessions.all(), first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY)
    PromptFactory(enrolment=person, state="failed", due_at=NOW)
    PromptFactory(enrolment=person, copy=1, state="unconfirmed", attempted_at=NOW)
    PromptFactory(enrolment=person, copy=2)
    User.objects.filter(enrolments=person).update(address_failed_at=MONDAY)
    elsewhere = enrolled(study=StudyFactory())
    PromptFactory(enrolment=elsewhere, state="failed", due_at=NOW)

    assert (shown(researcher), tables(researcher), figures(researcher)) == before


def test_weeks_are_told_in_a_plot_and_in_its_table(study: Study, researcher: Client) -> None:
    one, other = enrolled(study=study), enrolled(study=study)
    used(one.sessions.filter(module__week=1), first_opened_at=MONDAY, took_part_at=MONDAY)
    used(other.sessions.filter(module__week=1), first_opened_at=MONDAY)

    weeks = figures(researcher).weeks
    assert weeks[:2] == [
        Week(number=1, open=2, opened=2, took_part=1),
        Week(number=2, open=0, opened=0, took_part=0),
    ]
    assert tables(researcher)[0][0] == ["Week 1", "2", "2", "1"]
    page = researcher.get(PAGE).content.decode()
    plot = page.split('<svg class="plot"')[1].split("</svg>")[0]
    assert plot.count("<rect") == 3 * len(weeks)
    assert "style=" not in plot


def test_study_without_people_says_so(researcher: Client) -> None:
    said = main_of(researcher.get(PAGE))
    assert "Nobody has chosen a day yet." in said
    assert "No mail is due in these days." in said
    assert "Nothing needs you now." in said
    assert "Due, not sent: 0" in said


# The mails of this week


def test_mails_of_this_week_are_told_by_what_became_of_them(
    study: Study, researcher: Client
) -> None:
    """From Monday to Sunday by the study's calendar: 12 to 18 January."""
    person = EnrolmentFactory(study=study)
    states = ["sent", "failed", "unconfirmed", "missed", "skipped", "cancelled", "planned"]
    for copy, state in enumerate(states):
        traits = {"sent": True} if state == "sent" else {"state": state}
        PromptFactory(
            enrolment=person, kind="session", copy=copy, due_at=NOW + timedelta(days=2), **traits
        )
    for copy, reason in enumerate(["address_failed", "mail_off", "finished"], 20):
        PromptFactory(
            enrolment=person, kind="session", copy=copy, due_at=NOW + timedelta(days=2),
            state="skipped", reason=reason,
        )  # fmt: skip
    for copy, days in enumerate([-1, 7], len(states)):
        PromptFactory(
            enrolment=person, kind="session", copy=copy, due_at=NOW + timedelta(days=days)
        )

    [mails] = figures(researcher).mails
    assert mails.kind == "session"
    assert told(mails) == {
        "planned": 1, "sent": 1, "failed": 1, "unconfirmed": 1, "too-late": 1,
        "emails-off": 1, "held-back": 1, "not-needed": 2, "cancelled": 1,
    }  # fmt: skip
    cells = ["1", "1", "0", "1", "1", "1", "1", "1", "2", "1"]
    assert tables(researcher)[-1] == [["Weekly session", *cells]]


def told(mails: Mails) -> dict[str, int]:
    return {outcome.value: number for outcome, number in mails.by_outcome.items() if number}


@pytest.mark.parametrize(
    ("zone", "due", "is_in"),
    [
        ("Europe/London", "2026-01-12T00:00Z", True),
        ("Europe/London", "2026-01-11T23:59Z", False),
        ("Europe/London", "2026-01-19T00:00Z", False),
        ("Asia/Tokyo", "2026-01-11T15:00Z", True),
        ("Asia/Tokyo", "2026-01-18T15:00Z", False),
        ("Europe/Gone", "2026-01-12T00:00Z", True),
    ],
)
def test_week_begins_on_monday_by_the_clock_of_the_study(
    study: Study, researcher: Client, zone: str, due: str, is_in: bool
) -> None:
    Study.objects.update(default_zone=zone)
    PromptFactory(enrolment=EnrolmentFactory(study=study), due_at=due, state="skipped")
    assert bool(figures(researcher).mails) is is_in


def test_what_is_due_and_was_not_sent_is_counted_for_this_study(
    study: Study, researcher: Client
) -> None:
    Heartbeat.objects.create(name="tick", beat_at=NOW)
    PromptFactory(enrolment=EnrolmentFactory(study=study), due_at=NOW - timedelta(minutes=6))
    PromptFactory(enrolment=EnrolmentFactory(study=study), due_at=NOW - timedelta(minutes=4))
    PromptFactory(enrolment=EnrolmentFactory(), due_at=NOW - timedelta(hours=1))

    assert figures(researcher).due_not_sent == 1
    said = main_of(researcher.get(PAGE))
    assert "Due, not sent: 1 These should have gone." in said
    assert "Nothing needs you now." not in said


# What needs somebody


def test_what_needs_somebody_is_told_first_and_leads_to_them(
    study: Study, researcher: Client
) -> None:
    failed, unsure, back = (EnrolmentFactory(study=study) for _ in range(3))
    PromptFactory(enrolment=failed, state="failed")
    PromptFactory(enrolment=unsure, state="unconfirmed", attempted_at=NOW)
    User.objects.filter(enrolments=back).update(address_failed_at=MONDAY)

    assert figures(researcher).needs == {"unconfirmed": 1, "not_sent": 1, "address": 1}
    page = researcher.get(PAGE).content.decode()
    for need, person in [("unconfirmed", unsure), ("not-sent", failed), ("address", back)]:
        address = f"/staff/calm/people/?needs={need}&test=without"
        assert f'href="{address.replace("&", "&amp;")}"' in page
        people = researcher.get(address).context["page"].people
        assert [each.enrolment.code for each in people] == [person.code]


@pytest.mark.parametrize("number", [1, 3])
def test_overview_asks_the_database_the_same_number_of_times(
    study: Study, researcher: Client, number: int, django_assert_num_queries
) -> None:
    Heartbeat.objects.create(name="tick", beat_at=NOW)
    for _person in range(number):
        PromptFactory(enrolment=enrolled(study=study), state="failed")

    with django_assert_num_queries(16):
        researcher.get(PAGE)


def test_no_history_of_use_is_read(study: Study, researcher: Client) -> None:
    """However much of it there is: a week says itself whether it was taken part in."""
    enrolled(study=study)
    with CaptureQueriesContext(connection) as asked:
        researcher.get(PAGE)
    for table in ("engagement", "play", "practicelog", "mediaprogress"):
        assert [q["sql"] for q in asked if f"participants_{table}" in q["sql"]] == []
    assert Prompt.objects.exists()


# By question and by arm


def test_excluded_are_told_by_the_question_that_was_not_met(
    study: Study, researcher: Client
) -> None:
    assert "Excluded, by question" not in main_of(researcher.get(PAGE))
    for key, count in (("english", 2), ("adult", 3), ("was-asked-once", 1), ("", 7)):
        ScreeningTally.objects.create(study=study, day=MONDAY.date(), unmet=key, count=count)

    assert figures(researcher).excluded == [
        ("Is adult true of you?", 3),
        ("Is internet true of you?", 0),
        ("Is english true of you?", 2),
        ("was-asked-once", 1),
    ]
    assert shown(researcher)["excluded (screenings)"] == "6"
    assert "Is english true of you? 2" in main_of(researcher.get(PAGE))


def test_numbers_by_arm_are_for_those_who_may_see_arms(study: Study, researcher: Client) -> None:
    first, second = ArmFactory(study=study, name="Now"), ArmFactory(study=study, name="Later")
    people = [enrolled(study=study) for _ in range(4)]
    for person, arm in zip(people, (first, first, second), strict=False):
        Enrolment.objects.filter(pk=person.pk).update(arm=arm, allocated_at=NOW)
    used(people[0].sessions.all(), first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY)
    leave(people[1], "training")
    test = enrolled(study=study, is_test=True)
    Enrolment.objects.filter(pk=test.pk).update(arm=second, allocated_at=NOW)

    sees = holding(study, "sees_arm")
    rows = {row[0]: row[1:] for table in tables(sees) for row in table}
    assert rows["Now"] == ["2", "1", "1", "1"]
    assert rows["Later"] == ["1", "1", "0", "0"]
    assert rows["None recorded"] == ["1", "1", "0", "0"]
    with CaptureQueriesContext(connection) as asked:
        assert "By arm" not in main_of(researcher.get(PAGE))
    assert [q["sql"] for q in asked if "arm_id" in q["sql"] or "studies_arm" in q["sql"]] == []
