"""Inviting people, one or many: who can be, what is made, and what two at once come to."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from participants.accounts import account_for, erase_unconsented
from participants.inviting import CannotInvite, Invitee, Standing, invite, standing
from participants.inviting.checks import all_or_nobody
from participants.inviting.writing import written
from participants.measures import summary
from participants.models import Enrolment, Invitation, User
from participants.withdrawal import withdraw
from studies.models import Study
from tests.factories.courses import published_edition
from tests.factories.participants import (
    EnrolmentFactory,
    UserFactory,
    active_enrolment,
    decline,
    invited,
)
from tests.factories.studies import StudyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def study() -> Study:
    return StudyFactory()


def invitees(*addresses: str, **fields: Any) -> list[Invitee]:
    return [Invitee(address=address, **fields) for address in addresses]


def invite_to(study: Study, *addresses: str, **fields: Any) -> list[Enrolment]:
    return invite(study=study, addresses=invitees(*addresses, **fields), by=None, now=NOW)


def test_whoever_is_invited_has_a_code_and_has_agreed_to_nothing(study: Study) -> None:
    researcher = UserFactory(researcher_of=study)
    ann, ben = invite(
        study=study,
        addresses=[
            Invitee(address="Ann@Example.org ", source="Clinic leaflet"),
            Invitee(
                address="ben@example.org", weekday=4, local_time=time(19), zone="Europe/London"
            ),
        ],
        by=researcher,
        now=NOW,
    )

    assert (ann.user and ann.user.email, ann.source) == ("ann@example.org", "clinic-leaflet")
    assert ann.user is not None
    assert not ann.user.has_usable_password()
    assert (ann.status, ann.consented_at, ann.study) == ("invited", None, study)
    assert ann.code != ben.code
    assert Invitation.objects.filter(enrolment=ben).values().get() == {
        "id": ben.invitation.pk,
        "enrolment_id": ben.pk,
        "invited_at": NOW,
        "invited_by_id": researcher.pk,
        "weekday": 4,
        "local_time": time(19),
        "zone": "Europe/London",
        "joined_at": None,
        "disowned_at": None,
        "ended_at": None,
        "ending": "",
    }


def test_invited_people_are_counted_as_such_and_as_nothing_else(study: Study) -> None:
    EnrolmentFactory(study=study)
    invite_to(study, "ann@example.org", "ben@example.org")
    counted = summary(study)

    assert (counted.invited, counted.consented, counted.joining) == (2, 1, 1)
    assert set(Enrolment.objects.counted()) == set(Enrolment.objects.exclude(status="invited"))
    assert Enrolment.objects.current().count() == 1


def test_account_that_is_there_already_is_used(study: Study) -> None:
    known = account_for(email="ann@example.org", now=NOW)
    (ann,) = invite_to(study, "ANN@example.org")

    assert ann.user == known
    assert User.objects.count() == 1


def test_account_of_someone_invited_outlives_the_fortnight_of_those_without_consent(
    study: Study,
) -> None:
    invite_to(study, "ann@example.org")

    assert erase_unconsented(now=NOW + timedelta(days=15)) == 0


def test_each_address_is_told_apart_by_how_it_stands(study: Study) -> None:
    user = "user__email"
    for stands in ("joining", "active", "withdrawn"):
        make = active_enrolment if stands == "active" else EnrolmentFactory
        person = make(study=study, **{user: f"{stands}@example.org"})
        if stands == "withdrawn":
            withdraw(enrolment=person, level=Enrolment.Withdrawal.TRAINING, reason="", now=NOW)
    invited(study=study, **{user: "invited@example.org"})
    decline(enrolment=invited(**{user: "declined@example.org"}), now=NOW)
    EnrolmentFactory(**{user: "elsewhere@example.org"})
    UserFactory(email="account@example.org")

    asked = ["Joining@example.org", " active@example.org", "new@example.org"]
    others = ("withdrawn", "invited", "declined", "elsewhere", "account")
    asked += [f"{name}@example.org" for name in others]

    assert standing(study, asked) == {
        "joining@example.org": Standing.ENROLLED,
        "active@example.org": Standing.ENROLLED,
        "new@example.org": Standing.FREE,
        "withdrawn@example.org": Standing.ENROLLED,
        "invited@example.org": Standing.INVITED,
        "declined@example.org": Standing.DO_NOT_INVITE,
        "elsewhere@example.org": Standing.FREE,
        "account@example.org": Standing.FREE,
    }


def test_someone_who_left_and_is_invited_again_all_the_same_counts_as_invited(
    study: Study,
) -> None:
    """As by an earlier version of these rules: the row that stands decides."""
    ann = EnrolmentFactory(study=study, user__email="ann@example.org")
    withdraw(enrolment=ann, level=Enrolment.Withdrawal.TRAINING, reason="", now=NOW)
    invited(study=study, user=ann.user)

    assert standing(study, ["ann@example.org"]) == {"ann@example.org": Standing.INVITED}


def test_one_that_cannot_be_invited_keeps_all_others_back(study: Study) -> None:
    EnrolmentFactory(study=study, user__email="ben@example.org")

    with pytest.raises(CannotInvite) as refusal:
        invite_to(study, "ann@example.org", "Ben@example.org", "cat@example.org")

    assert refusal.value.refused == {"ben@example.org": Standing.ENROLLED}
    assert refusal.value.message == "Some of these people cannot be invited."
    assert User.objects.filter(email__startswith="ann").count() == 0
    assert not Invitation.objects.exists()


def test_whoever_says_no_while_a_list_waits_keeps_it_back(study: Study) -> None:
    invitation = invitees("ann@example.org")
    with all_or_nobody(study, invitation, NOW):
        decline(enrolment=invited(user__email="ann@example.org"), now=NOW)
        with pytest.raises(CannotInvite) as refusal:
            list(written(invitation, lambda _one, _user: Enrolment(), by=None, now=NOW))
    assert refusal.value.refused == {"ann@example.org": Standing.DO_NOT_INVITE}


def test_one_address_in_two_spellings_is_one_person(study: Study) -> None:
    letters, ascii_form = "ann@exämple.org", "Ann@xn--exmple-cua.org"
    with pytest.raises(CannotInvite):
        invite_to(study, letters, ascii_form)
    [ann] = invite_to(study, ascii_form)
    assert account_for(email=letters, now=NOW) == ann.user
    decline(enrolment=ann, now=NOW)
    for each in (letters, ascii_form):
        assert standing(study, [each]) == {letters: Standing.DO_NOT_INVITE}


def test_same_person_twice_in_one_list_is_refused(study: Study) -> None:
    with pytest.raises(CannotInvite) as refusal:
        invite_to(study, "ann@example.org", "ANN@example.org")

    assert refusal.value.refused == {"ann@example.org": Standing.INVITED}


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "draft"},
        {"state": "closed"},
        {"state": "archived"},
        {"recruiting_from": NOW + timedelta(days=1)},
        {"recruiting_until": NOW},
    ],
)
def test_nobody_is_invited_where_nobody_can_join(fields: dict[str, Any]) -> None:
    with pytest.raises(CannotInvite, match="Nobody can join") as refusal:
        invite_to(StudyFactory(**fields), "ann@example.org")

    assert refusal.value.refused == {}
    assert not User.objects.exists()


def test_one_person_can_be_invited_to_two_studies(study: Study) -> None:
    invite_to(study, "ann@example.org")
    invite_to(StudyFactory(), "ann@example.org")

    assert User.objects.get().enrolments.invited().count() == 2


def test_who_is_invited_gets_the_edition_of_the_day_they_agree(study: Study) -> None:
    (ann,) = invite_to(study, "ann@example.org")
    newer = published_edition()
    Enrolment.objects.filter(pk=ann.pk).update(edition=newer)

    ann.refresh_from_db()
    assert ann.edition == newer


def test_thousands_are_invited_in_few_queries(
    study: Study, django_assert_max_num_queries: Any
) -> None:
    """One for each hundred or so, where a statement of SQLite's takes no more than 999 values."""
    many = [f"person-{number}@example.com" for number in range(2500)]
    told: list[int] = []

    with django_assert_max_num_queries(150):
        made = invite(study=study, addresses=invitees(*many), by=None, now=NOW, said=told.append)

    assert [each.user and each.user.email for each in made] == many
    assert len({each.code for each in made}) == 2500
    assert told == [1000, 2000, 2500]
