"""The list narrowed: by status, need, week, day, source and code; and by arm, for some."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from participants.inviting import take_back
from participants.models import Enrolment, User
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.courses import published_edition
from tests.factories.participants import EnrolmentFactory, active_enrolment, invited, used
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import ArmFactory
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import LIST, codes, holding

pytestmark = pytest.mark.django_db


def choices(client: Client) -> dict[str, list[str]]:
    filters = client.get(LIST).context["filters"]
    return {each.name: [value for value, _words in each.choices] for each, _chosen in filters}


# Status


@pytest.fixture
def everyone(study: Study) -> dict[str, str]:
    """Code by what is the matter; one person each."""
    people = {
        name: enrolled(study=study)
        for name in ("active", "paused", "mail-off", "training", "everything", "erasure", "erased")
    }
    people["completed"] = active_enrolment(study=study)
    weeks = people["completed"].sessions.all()
    used(weeks, first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY)
    people["lost"] = active_enrolment(study=study)
    people["joining"] = EnrolmentFactory(study=study, consented_at=MONDAY)
    people["invited"] = invited(study=study)
    people["unjoined"] = invited(study=study)
    Rhythm.objects.filter(enrolment=people["paused"]).update(paused_until="2026-02-03")
    Rhythm.objects.filter(enrolment=people["mail-off"]).update(mail_off_since=MONDAY)
    for level in ("training", "everything", "erasure", "erased"):
        deletes = level in {"erasure", "erased"}
        Enrolment.objects.filter(pk=people[level].pk).update(
            status="withdrawn",
            withdrawal="erasure" if deletes else level,
            withdrawn_at=MONDAY,
            erasure_requested_at=MONDAY if deletes else None,
            **({"erased_at": MONDAY, "user": None} if level == "erased" else {}),
        )
    take_back(enrolment=people["unjoined"], now=MONDAY)
    return {person.code: name for name, person in people.items()}


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("invited", {"invited"}),
        ("unjoined", {"unjoined"}),
        ("joining", {"joining"}),
        ("active", {"active", "paused", "mail-off", "completed", "lost"}),
        ("paused", {"paused"}),
        ("mail-off", {"mail-off"}),
        ("completed", {"completed"}),
        ("lost", {"lost"}),
        ("anew", set()),
        ("withdrawn", {"training", "everything", "erasure", "erased"}),
        ("withdrawn-training", {"training"}),
        ("withdrawn-everything", {"everything"}),
        ("withdrawn-erasure", {"erasure", "erased"}),
    ],
)
def test_list_is_narrowed_by_status(
    researcher: Client, everyone: dict[str, str], status: str, found: set[str]
) -> None:
    assert {everyone[code] for code in codes(researcher, f"?status={status}")} == found


def test_every_status_that_is_offered_is_one_of_these(
    researcher: Client, everyone: dict[str, str]
) -> None:
    marks = test_list_is_narrowed_by_status.pytestmark[0].args[1]
    assert choices(researcher)["status"] == [status for status, _found in marks]


# What they may be in need of


def test_list_is_narrowed_to_those_who_need_somebody(study: Study, researcher: Client) -> None:
    people = {name: enrolled(study=study) for name in ("well", "unconfirmed", "failed", "address")}
    Prompt.objects.filter(kind="welcome").update(state="cancelled")
    PromptFactory(enrolment=people["unconfirmed"], state="unconfirmed", attempted_at=MONDAY)
    PromptFactory(enrolment=people["failed"], state="failed")
    User.objects.filter(enrolments=people["address"]).update(address_failed_at=MONDAY)

    def found(need: str) -> set[str]:
        names = {person.code: name for name, person in people.items()}
        return {names[code] for code in codes(researcher, f"?needs={need}")}

    assert found("unconfirmed") == {"unconfirmed"}
    assert found("not-sent") == {"failed"}
    assert found("address") == {"address"}
    assert found("any") == {"unconfirmed", "failed", "address"}


def test_mail_that_failed_needs_nobody_once_a_later_one_went(
    study: Study, researcher: Client
) -> None:
    person = EnrolmentFactory(study=study)
    PromptFactory(enrolment=person, state="failed", due_at=MONDAY)
    assert codes(researcher, "?needs=not-sent") == [person.code]

    PromptFactory(enrolment=person, copy=1, sent=True, due_at=MONDAY + timedelta(hours=1))
    assert codes(researcher, "?needs=not-sent") == []


def test_mail_that_went_before_does_not_make_up_for_one_that_failed_since(
    study: Study, researcher: Client
) -> None:
    person = EnrolmentFactory(study=study)
    PromptFactory(enrolment=person, kind="welcome", sent=True, due_at=MONDAY)
    PromptFactory(enrolment=person, state="failed", due_at=MONDAY + timedelta(hours=1))
    assert codes(researcher, "?needs=not-sent") == [person.code]


def test_nobody_asks_for_an_address_of_who_has_left(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study)
    User.objects.update(address_failed_at=MONDAY)
    assert codes(researcher, "?needs=address") == [person.code]
    Enrolment.objects.update(status="withdrawn", withdrawal="everything", withdrawn_at=NOW)
    assert codes(researcher, "?needs=address") == []


def test_nobody_needs_anything_whose_identity_is_erased(study: Study, researcher: Client) -> None:
    person = EnrolmentFactory(study=study, agreed=False)
    PromptFactory(enrolment=person, state="failed")
    Enrolment.objects.update(
        status="withdrawn", withdrawal="erasure", withdrawn_at=NOW,
        erasure_requested_at=NOW, erased_at=NOW, user=None,
    )  # fmt: skip
    assert codes(researcher, "?needs=any") == []


# Week, day, source, code


def test_list_is_narrowed_by_the_week_that_is_open(study: Study, researcher: Client) -> None:
    tuesday, friday = enrolled(study=study, weekday=2), enrolled(study=study, weekday=5)
    early = enrolled(study=study, weekday=2, now=MONDAY - timedelta(weeks=1))
    ahead = enrolled(study=study, now=NOW)

    assert set(codes(researcher, "?week=1")) == {tuesday.code, friday.code}
    assert codes(researcher, "?week=2") == [early.code]
    assert choices(researcher)["week"] == ["1", "2", "3", "4"]
    assert ahead.code not in codes(researcher, "?week=1")


def test_weeks_are_offered_as_many_as_the_course_has(researcher: Client, study: Study) -> None:
    Study.objects.update(edition=published_edition(weeks=2))
    EnrolmentFactory(study=Study.objects.get())
    assert choices(researcher)["week"] == ["1", "2"]


def test_list_is_narrowed_by_weekday(study: Study, researcher: Client) -> None:
    thursday, friday = enrolled(study=study, weekday=4), enrolled(study=study, weekday=5)
    assert codes(researcher, "?day=4") == [thursday.code]
    assert codes(researcher, "?day=5") == [friday.code]
    assert codes(researcher, "?day=6") == []


def test_list_is_narrowed_by_source_where_there_is_one(study: Study, researcher: Client) -> None:
    EnrolmentFactory(study=study)
    assert "source" not in choices(researcher)
    poster = EnrolmentFactory(study=study, source="poster")
    assert choices(researcher)["source"] == ["poster"]
    assert codes(researcher, "?source=poster") == [poster.code]


@pytest.mark.parametrize("typed", ["K7P-4MD", "k7p-4md", "K7P4MD", "k7p4", "K7P", "k", " K7P- "])
def test_person_is_found_by_the_beginning_of_their_code(
    study: Study, researcher: Client, typed: str
) -> None:
    EnrolmentFactory(study=study, code="K7P-4MD")
    EnrolmentFactory(study=study, code="X7P-4MD")
    assert codes(researcher, f"?code={typed}") == ["K7P-4MD"]


def test_code_of_nobody_says_so_and_leads_back(study: Study, researcher: Client) -> None:
    EnrolmentFactory(study=study, code="K7P-4MD")
    page = researcher.get(f"{LIST}?code=ZZZ").content.decode()
    assert "Nobody is like that." in page
    assert f'<a href="{LIST}">Show everybody</a>' in page


def test_filters_hold_together(study: Study, researcher: Client) -> None:
    thursday = enrolled(study=study, weekday=4, source="poster")
    enrolled(study=study, weekday=4)
    enrolled(study=study, weekday=5, source="poster")
    query = "?status=active&week=1&day=4&source=poster&sort=-used"
    page = researcher.get(f"{LIST}{query}")
    assert [each.enrolment.code for each in page.context["page"].people] == [thursday.code]
    assert 'option value="poster" selected' in page.content.decode()


# Arms: for those who may see them


@pytest.fixture
def allocated(study: Study) -> list[str]:
    arm = ArmFactory(study=study, key="waiting", name="Waiting list")
    in_it = EnrolmentFactory(study=study, arm=arm, allocated_at=MONDAY)
    in_none = EnrolmentFactory(study=study)
    return [in_it.code, in_none.code]


def test_list_is_narrowed_by_arm_for_those_who_may_see_it(
    study: Study, allocated: list[str]
) -> None:
    client = holding(study, "sees_arm")
    assert choices(client)["arm"] == ["waiting", "(none)"]
    assert codes(client, "?arm=waiting") == allocated[:1]
    assert codes(client, "?arm=(none)") == allocated[1:]
    assert client.get(LIST).content.decode().count("<td>Waiting list</td>") == 1


def test_arm_that_is_called_none_is_an_arm(study: Study, allocated: list[str]) -> None:
    arm = ArmFactory(study=study, key="none")
    in_it = EnrolmentFactory(study=study, arm=arm, allocated_at=MONDAY)
    client = holding(study, "sees_arm")
    assert codes(client, "?arm=none") == [in_it.code]
    assert codes(client, "?arm=(none)") == allocated[1:]


def test_arm_is_neither_shown_nor_asked_for_by_who_may_not_see_it(
    study: Study, allocated: list[str]
) -> None:
    client = holding(study, "manages", "sees_identity")
    page = client.get(f"{LIST}?arm=waiting")
    assert "arm" not in choices(client)
    assert sorted(each.enrolment.code for each in page.context["page"].people) == sorted(allocated)
    assert "Waiting list" not in page.content.decode()
    assert "does not know a part of the address" in page.content.decode()


def test_no_query_reads_the_arm_for_who_may_not_see_it(study: Study, allocated: list[str]) -> None:
    client = holding(study, "manages", "sees_identity")
    for page in ("/staff/calm/", LIST, f"{LIST}{allocated[0]}/", "/staff/calm/record/"):
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        assert [query["sql"] for query in asked if "studies_arm" in query["sql"]] == []
