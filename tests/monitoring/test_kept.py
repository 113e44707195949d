"""What staff did and looked at: written once, whole, and kept, however somebody writes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from monitoring.models import AccessLog, StaffAction
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import StudyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
OF_A_PERSON = [
    *("send_again", "settle", "move_day", "pause", "resume", "withdraw"),
    *("change_address", "allocate", "take_back", "said_no"),
]
OF_THE_STUDY = [
    *("invite", "enrol_elsewhere", "export", "settings", "publish", "open", "close"),
]


def action(**fields: Any) -> StaffAction:
    given = {"kind": "export", "at": NOW, **fields}
    study = given.pop("study", None) or StudyFactory()
    return StaffAction.objects.create(study=study, **given)


def done_to_someone(**fields: Any) -> StaffAction:
    person = EnrolmentFactory()
    given = {"kind": "pause", "why": "Asked by phone", "study": person.study, **fields}
    return action(enrolment=person, **given)


def look() -> AccessLog:
    return AccessLog.objects.create(by=UserFactory(), enrolment=EnrolmentFactory(), at=NOW)


@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (action, {"why": "another reason"}),
        (action, {"details": {"rows": 2}}),
        (done_to_someone, {"kind": "resume"}),
        (look, {"why": "another reason"}),
        (look, {"at": NOW.replace(year=2025)}),
    ],
)
def test_what_was_recorded_is_never_changed(make: Any, fields: dict[str, Any]) -> None:
    row: models.Model = make()
    with pytest.raises(IntegrityError, match="stays as it was recorded"), transaction.atomic():
        type(row)._default_manager.update(**fields)


@pytest.mark.parametrize("make", [action, done_to_someone, look])
def test_what_was_recorded_is_never_deleted(make: Any) -> None:
    row: models.Model = make()
    with pytest.raises(IntegrityError, match="stays as it was recorded"), transaction.atomic():
        row.delete()


def test_every_kind_is_done_to_a_person_or_to_the_study() -> None:
    assert sorted(OF_A_PERSON + OF_THE_STUDY) == sorted(StaffAction.Kind.values)
    for kind in OF_A_PERSON:
        done_to_someone(kind=kind)
        with pytest.raises(IntegrityError), transaction.atomic():
            action(kind=kind, why="Asked by phone")
    for kind in OF_THE_STUDY:
        action(kind=kind)
        with pytest.raises(IntegrityError), transaction.atomic():
            done_to_someone(kind=kind)


@pytest.mark.parametrize("why", ["", " ", "\t\n", "  \r\n "])
def test_what_is_done_to_a_person_says_why(why: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        done_to_someone(why=why)


def test_what_is_done_to_a_person_is_done_in_their_study() -> None:
    with pytest.raises(IntegrityError, match="belongs to their study"), transaction.atomic():
        done_to_someone(study=StudyFactory())


def test_who_did_or_looked_keeps_their_account() -> None:
    for row in (action(by=UserFactory()), look()):
        with pytest.raises(models.ProtectedError):
            row.by.delete()


@pytest.mark.parametrize("constraint", StaffAction._meta.constraints, ids=lambda each: each.name)
def test_each_constraint_has_a_sentence(constraint: models.BaseConstraint) -> None:
    assert str(constraint.violation_error_message).endswith(".")
