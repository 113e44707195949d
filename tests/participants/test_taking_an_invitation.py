"""Whoever was invited agrees, and the enrolment that was waiting becomes theirs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from participants.accounts import account_for
from participants.inviting import (
    CannotInvite,
    Invitee,
    Standing,
    end_unanswered,
    invite,
    take_back,
)
from participants.joining import AccountGone, AlreadyJoined, StudyClosed, StudyFull
from participants.measures import summary
from participants.models import Enrolment, Invitation, User
from studies.models import Document
from tests.factories.courses import published_edition
from tests.factories.participants import EnrolmentFactory, UserFactory, decline, invited
from tests.factories.studies import ServiceFactory, StudyFactory, published_document
from tests.participants.test_joining import joined

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ANN = "ann@example.org"


def test_agreeing_takes_the_invitation() -> None:
    ann = invited(source="clinic")
    enrolment = joined(ann.study, user=ann.user, source="facebook")

    assert (enrolment.pk, enrolment.code, enrolment.source) == (ann.pk, ann.code, "clinic")
    assert (enrolment.status, enrolment.consented_at) == ("joining", NOW)
    assert enrolment.consent_answers.count() == 5
    assert enrolment.signatures.get().typed_name == "Demo Person"
    assert Invitation.objects.get().joined_at == NOW
    counted = summary(ann.study)
    assert (counted.invited, counted.consented) == (0, 1)


def test_agreeing_is_to_the_edition_of_that_day() -> None:
    ann = invited()
    study = ann.study
    study.edition = published_edition(course=study.edition.course)
    study.save()

    assert joined(study, user=ann.user).edition == study.edition


def test_day_agreed_is_kept_with_the_invitation() -> None:
    study = StudyFactory()
    day = {"weekday": 4, "local_time": time(19), "zone": "Europe/London"}
    (ann,) = invite(study=study, addresses=[Invitee(address=ANN, **day)], by=None, now=NOW)
    joined(study, user=ann.user)

    kept = Invitation.objects.get()
    assert (kept.weekday, kept.local_time, kept.zone) == (4, time(19), "Europe/London")


def test_someone_who_comes_without_the_link_takes_the_invitation_too() -> None:
    study = StudyFactory()
    (ann,) = invite(study=study, addresses=[Invitee(address=ANN)], by=None, now=NOW)

    assert joined(study, user=account_for(email=ANN, now=NOW)).pk == ann.pk


def test_someone_invited_elsewhere_is_enrolled_anew_here() -> None:
    ann = invited()
    here = joined(StudyFactory(), user=ann.user)

    assert here.pk != ann.pk
    assert Enrolment.objects.invited().get() == ann


def test_agreeing_twice_is_refused_the_second_time() -> None:
    ann = invited()
    joined(ann.study, user=ann.user)
    with pytest.raises(AlreadyJoined):
        joined(ann.study, user=ann.user)


def test_invitation_keeps_no_place() -> None:
    ann = invited(study=StudyFactory(capacity=1))
    EnrolmentFactory(study=ann.study)
    with pytest.raises(StudyFull):
        joined(ann.study, user=ann.user)


def test_invitation_opens_no_closed_study() -> None:
    ann = invited(study=StudyFactory(state="closed"))
    with pytest.raises(StudyClosed):
        joined(ann.study, user=ann.user)


@pytest.mark.parametrize("end", [decline, take_back])
def test_invitation_that_ended_while_its_person_was_reading_cannot_be_taken(end: Any) -> None:
    ann = invited(user__email=ANN)
    reader = User.objects.get()
    end(enrolment=ann, now=NOW)
    with pytest.raises(AccountGone):
        joined(ann.study, user=reader)


def test_who_comes_back_after_their_invitation_ended_is_enrolled_anew() -> None:
    ann = invited(user__email=ANN, invited_at=NOW - timedelta(days=30))
    end_unanswered(now=NOW)
    back = joined(ann.study, user=account_for(email=ANN, now=NOW))

    assert (back.code != ann.code, back.status) == (True, "joining")


def test_sheet_that_was_shown_is_kept_with_the_agreement() -> None:
    study = StudyFactory()
    first = Document.objects.get(study=study, kind="information")
    early = joined(study)
    newer = published_document(study=study)
    late = joined(study)
    early.refresh_from_db()

    assert (early.information, late.information) == (first, newer)


def test_service_has_no_sheet_beside_its_notice() -> None:
    study = ServiceFactory()
    enrolment = joined(study, answers={"privacy": True})

    assert enrolment.information is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one writer at a time")
def test_joining_and_inviting_in_the_same_moment_make_one_enrolment() -> None:
    """Whoever is first: the other finds the enrolment there."""
    study = StudyFactory()
    user = UserFactory(email=ANN)

    def by_themselves() -> str:
        try:
            return joined(study, user=user).status
        finally:
            connection.close()

    def by_staff() -> object:
        try:
            return invite(study=study, addresses=[Invitee(address=ANN)], by=None, now=NOW)
        except CannotInvite as refusal:
            return refusal.refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(by_themselves), pool.submit(by_staff)
        assert one.result() == "joining"
        assert other.result() in ([Enrolment.objects.get()], {ANN: Standing.ENROLLED})


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one writer at a time")
@pytest.mark.parametrize("turn", range(3))
def test_joining_and_declining_in_the_same_moment_is_one_of_the_two(turn: int) -> None:
    """Somebody passed the mail on, and both press their button. Nobody is half of each."""
    ann = invited(user__email=ANN)
    reader = User.objects.get()

    def joins() -> bool:
        try:
            return bool(joined(ann.study, user=reader))
        except AccountGone:
            return False
        finally:
            connection.close()

    def declines() -> bool:
        try:
            return decline(enrolment=ann, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(joins), pool.submit(declines)
        assert one.result() is not other.result()
    ann.refresh_from_db()
    taken = (ann.status, ann.user, ann.invitation.ending, User.objects.count())
    assert taken == (
        ("joining", reader, "", 1) if one.result() else ("unjoined", None, "declined", 0)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="one writer at a time")
def test_two_lists_with_the_same_people_in_the_same_moment_invite_them_once() -> None:
    study = StudyFactory()
    there = [Invitee(address=f"person-{number}@example.org") for number in range(40)]

    def refused(people: list[Invitee]) -> int:
        try:
            invite(study=study, addresses=people, by=None, now=NOW)
        except CannotInvite as refusal:
            return len(refusal.refused)
        else:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(refused, [there, there[::-1]])) == [0, 40]
    assert Invitation.objects.count() == 40
