"""An invitation nobody took: declined, taken back or unanswered, and its address gone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session as Visit

from participants import do_not_invite
from participants.inviting import (
    CannotInvite,
    Invitee,
    Standing,
    end_unanswered,
    invite,
    standing,
    take_back,
)
from participants.measures import summary
from participants.models import DoNotInvite, Enrolment, Invitation, User
from participants.withdrawal import withdraw
from tests.factories.participants import (
    EnrolmentFactory,
    InvitationFactory,
    UserFactory,
    decline,
    invited,
)
from tests.factories.studies import StudyFactory
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ANN = "ann@example.org"


def test_whoever_declines_is_nowhere_but_counted_and_is_not_asked_again() -> None:
    ann = invited(user__email=ANN)
    code, version = ann.code, ann.link_version

    assert decline(enrolment=ann, now=NOW)

    assert places_of(ANN, "ann") == []
    ann.refresh_from_db()
    assert (ann.status, ann.user, ann.erased_at, ann.code) == ("unjoined", None, NOW, code)
    assert ann.link_version > version
    assert (ann.invitation.ending, ann.invitation.ended_at) == ("declined", NOW)
    assert summary(ann.study).unjoined == 1
    with pytest.raises(CannotInvite) as refusal:
        invite(
            study=StudyFactory(), addresses=[Invitee(address="ANN@example.org")], by=None, now=NOW
        )
    assert refusal.value.refused == {ANN: Standing.DO_NOT_INVITE}


def test_declining_twice_is_declining_once() -> None:
    ann = invited(user__email=ANN)

    assert [decline(enrolment=ann, now=NOW), decline(enrolment=ann, now=NOW)] == [[ann], []]
    assert DoNotInvite.objects.get().at == NOW


def test_no_is_remembered_by_what_the_mail_carried_when_the_address_has_gone() -> None:
    ann, mark = invited(user__email=ANN), do_not_invite.mark(" ANN@example.org")
    end_unanswered(now=NOW)

    assert not decline(enrolment=ann, mark=mark, now=NOW)
    assert standing(ann.study, [ANN]) == {ANN: Standing.DO_NOT_INVITE}
    ann.refresh_from_db()
    assert ann.invitation.ending == "unanswered"


def test_whoever_two_studies_invited_declines_both_by_one_mail() -> None:
    here, there = invited(user__email=ANN), invited(user=User.objects.get())

    assert decline(enrolment=here, now=NOW) == [here, there]
    there.refresh_from_db()
    assert (there.status, there.invitation.ending) == ("unjoined", "declined")
    assert (User.objects.count(), DoNotInvite.objects.get().at) == (0, NOW)


@pytest.mark.parametrize(("address", "ended"), [(ANN, 1), ("ann@former.example", 0)])
def test_who_declines_after_joining_ends_what_else_the_mails_address_was_invited_to(
    address: str, ended: int
) -> None:
    ann = EnrolmentFactory(user__email=ANN)
    asked = invited(user=ann.user)

    over = decline(enrolment=ann, mark=do_not_invite.mark(address), now=NOW)
    ann.refresh_from_db()
    assert (over, ann.status) == ([asked][:ended], "joining")


def test_what_is_kept_of_an_address_cannot_be_read_nor_made_without_the_key(
    settings: Any,
) -> None:
    decline(enrolment=invited(user__email=ANN), now=NOW)
    digest = DoNotInvite.objects.get().digest

    assert len(digest) == 64
    settings.SECRET_KEY = "another one"
    assert standing(StudyFactory(), [ANN]) == {ANN: Standing.FREE}


def test_asking_not_to_be_invited_outlives_a_change_of_the_secret_key(settings: Any) -> None:
    decline(enrolment=invited(user__email=ANN), now=NOW)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"

    assert standing(StudyFactory(), [ANN, "ben@example.org"]) == {
        ANN: Standing.DO_NOT_INVITE,
        "ben@example.org": Standing.FREE,
    }


def test_invitation_taken_back_leaves_no_address_and_may_be_made_again() -> None:
    ann = invited(user__email=ANN)

    assert take_back(enrolment=ann, now=NOW)
    assert not take_back(enrolment=ann, now=NOW)

    assert places_of(ANN) == []
    assert Invitation.objects.get().ending == "withdrawn_by_staff"
    assert standing(ann.study, [ANN]) == {ANN: Standing.FREE}


@pytest.mark.parametrize(("end", "noes"), [(decline, 1), (take_back, 0)])
def test_invitation_that_was_taken_does_not_end(end: Any, noes: int) -> None:
    """A no is remembered all the same, for other studies."""
    joined = EnrolmentFactory()

    assert not end(enrolment=joined, now=NOW)
    joined.refresh_from_db()
    assert (joined.status, DoNotInvite.objects.count()) == ("joining", noes)


def test_unanswered_for_thirty_days_the_address_is_erased() -> None:
    ann = invited(user__email=ANN, invited_at=NOW)
    almost, then = NOW + timedelta(days=29, hours=23), NOW + timedelta(days=30)

    assert end_unanswered(now=almost) == 0
    assert ANN in {user.email for user in User.objects.all()}
    assert end_unanswered(now=then) == 1
    assert places_of(ANN) == []
    ann.refresh_from_db()
    assert (ann.status, ann.invitation.ending) == ("unjoined", "unanswered")
    assert standing(ann.study, [ANN]) == {ANN: Standing.FREE}
    assert end_unanswered(now=then) == 0


def test_an_invitation_ends_with_the_last_day_of_its_study_by_the_studys_calendar() -> None:
    last = NOW.date()
    study = StudyFactory(
        default_zone="Pacific/Auckland", retention_until=last, deletion_cutoff=last
    )
    ann, other = invited(study=study, user__email=ANN, invited_at=NOW), invited(invited_at=NOW)
    midnight_there = datetime(2026, 5, 4, 12, tzinfo=UTC)

    assert end_unanswered(now=midnight_there - timedelta(seconds=1)) == 0
    assert end_unanswered(now=midnight_there) == 1
    ann.refresh_from_db()
    other.refresh_from_db()
    assert (ann.status, ann.invitation.ending, other.status) == (
        "unjoined",
        "unanswered",
        "invited",
    )


@pytest.mark.parametrize("count", [1, 40])
def test_as_many_queries_end_one_as_forty(count: int, django_assert_max_num_queries: Any) -> None:
    for _each in range(count):
        invited(invited_at=NOW)

    with django_assert_max_num_queries(35):
        assert end_unanswered(now=NOW + timedelta(days=30)) == count


@pytest.mark.parametrize("end", [decline, take_back])
def test_day_that_was_agreed_goes_with_the_address(end: Any) -> None:
    ann = InvitationFactory(agreed_day=True).enrolment

    end(enrolment=ann, now=NOW)
    kept = Invitation.objects.get()
    assert (kept.weekday, kept.local_time, kept.zone) == (None, None, "")


def test_many_unanswered_end_a_part_at_a_time() -> None:
    study, user = StudyFactory(), UserFactory()
    people = [Invitee(address=f"{number}@example.org") for number in range(501)]
    invite(study=study, addresses=people, by=user, now=NOW)
    then = NOW + timedelta(days=30)

    assert [end_unanswered(now=then) for _turn in range(3)] == [500, 1, 0]
    assert list(User.objects.all()) == [user]
    assert summary(study).unjoined == 501


def test_who_joined_in_time_is_not_ended() -> None:
    joined = EnrolmentFactory()
    Invitation.objects.create(enrolment=joined, invited_at=NOW, joined_at=NOW)

    assert end_unanswered(now=NOW + timedelta(days=31)) == 0


def test_account_needed_elsewhere_stays_when_an_invitation_ends() -> None:
    study = StudyFactory()
    taking_part = EnrolmentFactory(user__email="taking.part@example.org").user
    researcher = UserFactory(email="researcher@example.org", researcher_of=study)
    for user in (taking_part, researcher):
        assert take_back(enrolment=invited(study=study, user=user), now=NOW)

    assert set(User.objects.all()) == {taking_part, researcher}
    assert Enrolment.objects.filter(status="unjoined", user=None).count() == 2


def test_visit_by_an_invitation_ends_with_it() -> None:
    ann, ben = invited(), invited()
    for person in (ann, ben):
        visit = SessionStore()
        visit["invitation"] = person.pk
        visit.create()
    take_back(enrolment=ann, now=NOW)

    assert [visit.get_decoded() for visit in Visit.objects.all()] == [{"invitation": ben.pk}]


def test_someone_who_has_not_joined_cannot_withdraw() -> None:
    ann = invited()

    with pytest.raises(ValueError, match="has not joined"):
        withdraw(enrolment=ann, level=Enrolment.Withdrawal.ERASURE, reason="", now=NOW)
