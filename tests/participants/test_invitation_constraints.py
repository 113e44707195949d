"""What the database itself refuses of invitations, arms and the sheet that was shown."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from participants.models import (
    ConsentAnswer,
    ConsentSignature,
    DoNotInvite,
    Enrolment,
    Invitation,
)
from studies.models import Document
from tests.factories.participants import (
    EnrolmentFactory,
    InvitationFactory,
    UserFactory,
    active_enrolment,
    decline,
    invited,
)
from tests.factories.studies import ArmFactory, StudyFactory
from tests.participants.test_constraints import refuses_copy, refuses_update
from tests.participants.test_joining import joined

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {"consented_at": NOW},
        {"status": "joining"},
        {"status": "active", "day_chosen_at": NOW},
        {"status": "withdrawn", "withdrawn_at": NOW, "withdrawal": "training"},
        {"status": "unjoined"},
        {"day_chosen_at": NOW},
        {"user": None},
    ],
)
def test_invited_person_who_contradicts_is_refused(fields: dict[str, Any]) -> None:
    refuses_update(invited(), **fields)


@pytest.mark.parametrize("make", [EnrolmentFactory, active_enrolment])
def test_whoever_joined_is_never_passed_off_as_invited_or_as_not_joined(make: Any) -> None:
    person = make()
    refuses_update(person, status="invited", consented_at=None, day_chosen_at=None)
    nobody = {"consented_at": None, "day_chosen_at": None, "user": None, "erased_at": NOW}
    refuses_update(person, status="unjoined", **nobody)


def test_withdrawn_person_is_not_passed_off_as_not_joined() -> None:
    leaving = EnrolmentFactory(status="withdrawn", withdrawn_at=NOW, withdrawal="everything")
    refuses_update(
        leaving,
        status="unjoined",
        consented_at=None,
        user=None,
        erased_at=NOW,
        withdrawn_at=None,
        withdrawal="",
    )


@pytest.mark.parametrize("status", ["invited", "joining"])
def test_invitation_that_ended_stays_ended(status: str) -> None:
    person = invited()
    decline(enrolment=person, now=NOW)
    agreed = NOW if status == "joining" else None
    refuses_update(person, status=status, consented_at=agreed, user=UserFactory(), erased_at=None)


@pytest.mark.parametrize("status", ["invited", "joining", "active"])
def test_one_person_is_not_invited_beside_taking_part(status: str) -> None:
    makers: dict[str, Any] = {
        "invited": invited,
        "joining": EnrolmentFactory,
        "active": active_enrolment,
    }
    person = makers[status]()
    refuses_copy(person, code="BBB-BBB", status="invited", consented_at=None, day_chosen_at=None)


@pytest.mark.parametrize(
    "fields",
    [
        {"weekday": 4},
        {"local_time": time(19)},
        {"zone": "Europe/London"},
        {"weekday": 4, "local_time": time(19)},
        {"weekday": 0, "local_time": time(19), "zone": "Europe/London"},
        {"weekday": 8, "local_time": time(19), "zone": "Europe/London"},
        {"ended_at": NOW},
        {"ending": "declined"},
        {"ended_at": NOW, "ending": "bored"},
        {"joined_at": NOW},
        {"disowned_at": NOW},
        {"joined_at": NOW, "ended_at": NOW, "ending": "declined"},
        {"invited_at": NOW},
    ],
)
def test_invitation_that_contradicts_itself_is_refused(fields: dict[str, Any]) -> None:
    refuses_update(invited().invitation, **fields)


def test_invitation_is_one_for_each_enrolment() -> None:
    refuses_copy(invited().invitation)


def test_invitation_stays_with_whom_it_was_to() -> None:
    refuses_update(invited().invitation, enrolment=EnrolmentFactory())


def taken() -> Invitation:
    person = invited()
    joined(person.study, user=person.user)
    return Invitation.objects.get(enrolment=person)


def test_invitation_that_was_taken_neither_ends_nor_is_taken_at_another_time() -> None:
    refuses_update(taken(), joined_at=NOW + timedelta(days=1))
    refuses_update(taken(), joined_at=None)
    with pytest.raises(IntegrityError, match="does not end"), transaction.atomic():
        Invitation.objects.update(joined_at=None, ended_at=NOW, ending="declined")


def test_invitation_keeps_that_its_person_had_not_agreed() -> None:
    invitation = taken()
    Invitation.objects.update(disowned_at=NOW)
    refuses_update(invitation, disowned_at=None)
    refuses_update(invitation, disowned_at=NOW + timedelta(days=1))


def test_invitation_that_ended_keeps_how() -> None:
    person = invited()
    decline(enrolment=person, now=NOW)
    ended = Invitation.objects.get()
    refuses_update(ended, ending="unanswered")
    refuses_update(ended, ended_at=None, ending="")


@pytest.mark.parametrize(
    ("person", "fields", "sentence"),
    [
        ({"status": "invited", "consented_at": None}, {"joined_at": NOW}, "taken by agreeing"),
        ({}, {"ended_at": NOW, "ending": "declined"}, "does not end"),
    ],
)
def test_invitation_that_contradicts_its_person_is_not_made(
    person: dict[str, Any], fields: dict[str, Any], sentence: str
) -> None:
    enrolment = EnrolmentFactory(**person)
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        Invitation.objects.create(enrolment=enrolment, invited_at=NOW, **fields)


def test_invitation_is_never_deleted() -> None:
    InvitationFactory()
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        Invitation.objects.all().delete()


def test_address_not_to_invite_is_kept_once() -> None:
    refuses_copy(DoNotInvite.objects.create(digest="0" * 64, at=NOW))


def test_a_no_is_never_unsaid() -> None:
    DoNotInvite.objects.create(digest="0" * 64, at=NOW)
    with pytest.raises(IntegrityError, match="for good"), transaction.atomic():
        DoNotInvite.objects.all().delete()
    with pytest.raises(IntegrityError, match="for good"), transaction.atomic():
        DoNotInvite.objects.update(digest="1" * 64)


def test_no_consent_is_stored_of_whoever_is_only_invited() -> None:
    person = invited()
    document = Document.objects.in_force(person.study, "consent")
    assert document is not None
    answer = ConsentAnswer(
        enrolment=person, statement=document.statements.all()[0], agreed=True, answered_at=NOW
    )
    signature = ConsentSignature(
        enrolment=person, document=document, typed_name="Ann", signed_at=NOW
    )
    for row in (answer, signature):
        with pytest.raises(IntegrityError, match="of somebody who agreed"), transaction.atomic():
            type(row)._default_manager.bulk_create([row])


def test_nobody_agrees_to_what_another_study_asks() -> None:
    person, other = EnrolmentFactory(), joined(StudyFactory())
    for row in (other.consent_answers.all()[0], other.signatures.get()):
        row.pk, row.enrolment = None, person
        with pytest.raises(IntegrityError, match="their own study"), transaction.atomic():
            type(row)._default_manager.bulk_create([row])


def test_what_one_person_agreed_to_never_becomes_anothers() -> None:
    for person in (invited(), EnrolmentFactory(), active_enrolment()):
        refuses_update(person, user=UserFactory())


def test_when_an_identity_was_erased_stays_known() -> None:
    person = invited()
    decline(enrolment=person, now=NOW)
    refuses_update(person, erased_at=NOW + timedelta(days=1))


def test_an_invitation_that_ended_is_not_taken_and_none_ends_without_saying_how() -> None:
    person = invited()
    refuses_update(person, status="unjoined", user=None, erased_at=NOW)
    Invitation.objects.filter(enrolment=person).update(ended_at=NOW, ending="declined")
    refuses_update(person, status="joining", consented_at=NOW)
    gone = {"user": None, "erased_at": NOW, "consented_at": None}
    refuses_copy(person, code="BBB-BBB", status="unjoined", **gone)


@pytest.mark.parametrize("which", ["arm alone", "moment alone", "not joined", "another study"])
def test_arm_of_nobody_of_no_time_or_of_another_study_is_refused(which: str) -> None:
    person = EnrolmentFactory()
    arm = ArmFactory(study=person.study)
    if which == "arm alone":
        refuses_update(person, arm=arm)
    elif which == "moment alone":
        refuses_update(person, allocated_at=NOW)
    elif which == "not joined":
        refuses_update(invited(study=person.study), arm=arm, allocated_at=NOW)
    else:
        refuses_update(person, arm=ArmFactory(), allocated_at=NOW)
        refuses_copy(person, user=UserFactory(), code="B", arm=ArmFactory(), allocated_at=NOW)


def test_sheet_that_was_shown_is_a_sheet_of_the_same_study() -> None:
    person = joined(StudyFactory())
    another = Document.objects.get(study=StudyFactory(), kind="information")
    consent = Document.objects.get(study=person.study, kind="consent")
    for wrong in (another, consent):
        refuses_copy(person, user=UserFactory(), code="B", information=wrong)
    waiting = invited(study=person.study)
    for wrong in (another, consent):
        refuses_update(waiting, information=wrong)


EVERY_MESSAGE = [each for model in (Invitation, Enrolment) for each in model._meta.constraints]


@pytest.mark.parametrize("constraint", EVERY_MESSAGE, ids=[each.name for each in EVERY_MESSAGE])
def test_each_constraint_has_a_sentence(constraint: models.BaseConstraint) -> None:
    assert str(constraint.violation_error_message).endswith(".")
