"""What staff did in a study, and whom they looked up: for those who manage it, newest first."""

from datetime import timedelta

import pytest
from django.test import Client

from monitoring.models import AccessLog, StaffAction
from monitoring.person import record
from participants.models import User
from scheduling.models import Heartbeat
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import StudyFactory
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import cells, holding, main_of

pytestmark = pytest.mark.django_db

ACTIONS, LOOKS = "/staff/calm/record/", "/staff/calm/record/identity/"


def lines(client: Client, address: str = ACTIONS) -> list[list[str]]:
    page = client.get(address).content.decode()
    return cells(page.split("<tbody>")[1].split("</tbody>")[0]) if "<tbody>" in page else []


def act(study: Study, **fields: object) -> StaffAction:
    return StaffAction.objects.create(**{"study": study, "kind": "export", "at": NOW, **fields})


def test_what_staff_did_is_told_newest_first(study: Study, manager: Client) -> None:
    me = User.objects.get(studies_researched__manages=True)
    colleague = UserFactory(researcher_of=study, email="rea@example.org")
    person = EnrolmentFactory(study=study)
    act(study, by=me, at=NOW - timedelta(hours=2))
    act(study, kind="pause", enrolment=person, why="On holiday", by=colleague)
    act(study, kind="invite", at=NOW - timedelta(days=1))
    act(StudyFactory(), why="Elsewhere")

    assert lines(manager) == [
        [
            "12 Jan 2026, 12:00",
            "Began a break",
            person.code,
            f"colleague {colleague.pk}",
            "On holiday",
        ],
        ["12 Jan 2026, 10:00", "Exported", "The study", "you", "–"],
        ["11 Jan 2026, 12:00", "Invited", "The study", "a command on the server", "–"],
    ]
    keeper = holding(study, "manages", "sees_identity")
    assert lines(keeper)[0][3] == "rea@example.org"


def test_how_many_were_invited_and_given_out_is_told_and_a_list_apart(
    study: Study, manager: Client
) -> None:
    begun = act(study, details={"until": NOW.isoformat(), "with_test": False, "with_arm": False})
    for number, (kind, details) in enumerate(
        [
            ("export", {"export": begun.pk, "rows": {"prompts.csv": 40, "erased.csv": 2}}),
            ("invite", {"people": 1, "once": "", "list": False}),
            ("invite", {"people": 1, "once": "", "list": True}),
            ("enrol_elsewhere", {"people": 3, "once": "", "list": True, "versions": [1]}),
        ]
    ):
        why = "They meet it" if kind == "enrol_elsewhere" else ""
        act(study, kind=kind, details=details, why=why, at=NOW - timedelta(hours=number + 1))
    assert [line[1] for line in lines(manager)] == [
        "Exported: begun",
        "Exported: all of 42 rows were given out",
        "Invited: 1 person",
        "Invited: 1 person, from a list",
        "Enrolled with consent taken elsewhere: 3 people, from a list",
    ]


def test_looks_are_told_with_who_and_why(study: Study, manager: Client) -> None:
    me = User.objects.get(studies_researched__manages=True)
    person = EnrolmentFactory(study=study)
    AccessLog.objects.create(by=me, enrolment=person, at=NOW, why="They rang")
    AccessLog.objects.create(by=me, enrolment=EnrolmentFactory(), at=NOW)
    assert lines(manager, LOOKS) == [["12 Jan 2026, 12:00", person.code, "you", "They rang"]]


def test_times_are_by_the_clock_of_the_study(study: Study, manager: Client) -> None:
    Study.objects.update(default_zone="Asia/Tokyo")
    act(study)
    assert lines(manager)[0][0] == "12 Jan 2026, 21:00"
    assert "Times are in Asia/Tokyo time." in manager.get(ACTIONS).content.decode()


def test_nothing_done_and_nobody_looked_at_is_said(manager: Client) -> None:
    assert "Staff have done nothing here yet." in main_of(manager.get(ACTIONS))
    assert "Nobody has looked at who somebody is." in main_of(manager.get(LOOKS))


@pytest.mark.parametrize("page", ["2", "99", "x", "-1", "\x00"])
def test_record_goes_on_over_pages_whatever_is_asked_for(
    study: Study, manager: Client, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "PAGE", 2)
    for _each in range(3):
        act(study)
    assert len(lines(manager, f"{ACTIONS}?page={page}")) in {1, 2}
    assert "Page 1 of 2" in main_of(manager.get(ACTIONS))


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("address", [ACTIONS, LOOKS])
def test_record_is_read_by_the_same_number_of_questions(
    study: Study, number: int, address: str, django_assert_num_queries
) -> None:
    Heartbeat.objects.create(name="tick", beat_at=NOW)
    for _each in range(number):
        person, colleague = EnrolmentFactory(study=study), UserFactory(researcher_of=study)
        act(study, kind="pause", enrolment=person, why="-", by=colleague)
        AccessLog.objects.create(by=colleague, enrolment=person, at=NOW)
    client = holding(study, "manages", "sees_identity")
    with django_assert_num_queries(8):
        client.get(address)
