"""Accounts: one for each address, moved and taken away without telling strangers who is here."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, connection, transaction

from participants.accounts import (
    AddressUnusable,
    account_for,
    address_is_new,
    change_address,
    erase_unconsented,
)
from participants.joining import AccountGone
from participants.models import ConsentAnswer, User
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import StudyFactory
from tests.participants.test_joining import joined
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def test_account_is_made_in_lower_case_without_a_password() -> None:
    user = account_for(email=" Someone@Example.ORG ", now=NOW)
    assert (user.email, user.date_joined) == ("someone@example.org", NOW)
    assert not user.has_usable_password()


def test_account_of_a_known_address_is_found() -> None:
    known = UserFactory(email="known@example.org")
    assert account_for(email="KNOWN@example.org", now=NOW) == known


@pytest.mark.django_db(transaction=True)
def test_account_asked_for_at_one_moment_is_one() -> None:
    def ask(_: int) -> int:
        try:
            return account_for(email="twice@example.org", now=NOW).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(ask, range(8)))) == 1


def test_address_in_other_letters_is_refused_round_the_form() -> None:
    UserFactory(email="one@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="One@example.org")])


def test_changed_address_moves_sign_in_and_ends_the_old_links() -> None:
    enrolment = EnrolmentFactory(user__email="old@example.org")
    other = EnrolmentFactory(user=enrolment.user)
    EmailAddress.objects.create(user=enrolment.user, email="old@example.org", primary=True)

    change_address(user=enrolment.user, email="New@example.org", now=NOW)

    enrolment.refresh_from_db()
    other.refresh_from_db()
    assert enrolment.user is not None
    assert enrolment.user.email == "new@example.org"
    assert (enrolment.link_version, other.link_version) == (2, 2)
    assert [(row.email, row.primary, row.verified) for row in EmailAddress.objects.all()] == [
        ("new@example.org", True, True)
    ]
    assert places_of("old@example.org") == []


def test_changed_address_is_new_for_seven_days() -> None:
    user = EnrolmentFactory(user__email="old@example.org").user
    assert not address_is_new(user, now=NOW)
    moved = change_address(user=user, email="new@example.org", now=NOW)
    moved.refresh_from_db()
    assert address_is_new(moved, now=NOW + timedelta(days=7, seconds=-1))
    assert not address_is_new(moved, now=NOW + timedelta(days=7))


def test_changed_address_ends_every_sign_in() -> None:
    user = EnrolmentFactory(user__email="old@example.org").user
    before = user.get_session_auth_hash()
    moved = change_address(user=user, email="new@example.org", now=NOW)
    assert moved.get_session_auth_hash() != before
    assert not moved.has_usable_password()


def test_changed_address_of_someone_else_is_refused_without_saying_why() -> None:
    UserFactory(email="taken@example.org")
    enrolment = EnrolmentFactory(user__email="mine@example.org")
    with pytest.raises(AddressUnusable) as refusal:
        change_address(user=enrolment.user, email="Taken@example.org", now=NOW)
    assert refusal.value.message == ("We could not use this address. Check it, or use another one.")
    enrolment.refresh_from_db()
    assert enrolment.user is not None
    assert (enrolment.user.email, enrolment.link_version) == ("mine@example.org", 1)


def test_changed_address_of_an_account_taken_away_meanwhile_is_refused_with_a_sentence() -> None:
    user = UserFactory()
    User.objects.all().delete()
    with pytest.raises(AddressUnusable):
        change_address(user=user, email="ann@example.org", now=NOW)


def test_unchanged_address_keeps_the_links() -> None:
    enrolment = EnrolmentFactory(user__email="mine@example.org")
    change_address(user=enrolment.user, email="MINE@example.org", now=NOW)
    enrolment.refresh_from_db()
    assert enrolment.link_version == 1


def test_account_that_never_agreed_is_erased_after_fourteen_days() -> None:
    UserFactory(email="looked@example.org", date_joined=NOW - timedelta(days=14, seconds=1))
    UserFactory(email="reading@example.org", date_joined=NOW - timedelta(days=14))
    assert erase_unconsented(now=NOW) == 1
    assert places_of("looked@example.org") == []
    assert User.objects.get().email == "reading@example.org"


def test_account_used_again_is_kept_for_another_fourteen_days() -> None:
    UserFactory(date_joined=NOW - timedelta(days=40), last_login=NOW - timedelta(days=2))
    assert erase_unconsented(now=NOW) == 0


def test_accounts_of_people_who_agreed_or_work_here_are_kept() -> None:
    EnrolmentFactory()
    UserFactory(staff=True)
    UserFactory(researcher_of=StudyFactory())
    assert erase_unconsented(now=NOW) == 0
    assert User.objects.count() == 3


def test_account_erased_leaves_no_session_and_no_address_of_allauth() -> None:
    user = UserFactory(email="looked@example.org")
    EmailAddress.objects.create(user=user, email="looked@example.org", primary=True)
    theirs, asked, strangers = SessionStore(), SessionStore(), SessionStore()
    theirs["_auth_user_id"] = str(user.pk)
    asked["account_login_code"] = {"email": "looked@example.org"}
    strangers["account_login_code"] = {"email": "stranger@example.org"}
    for session in (theirs, asked, strangers):
        session.save()

    assert erase_unconsented(now=NOW) == 1

    assert places_of("looked@example.org") == []
    assert [session.exists(session.session_key) for session in (theirs, asked, strangers)] == [
        False, False, True,
    ]  # fmt: skip


def test_many_accounts_are_erased_in_batches() -> None:
    UserFactory.create_batch(120)
    kept = EnrolmentFactory().user
    assert erase_unconsented(now=NOW) == 120
    assert list(User.objects.all()) == [kept]


def test_account_that_once_recorded_consent_is_kept() -> None:
    former = UserFactory()
    enrolment = EnrolmentFactory()
    ConsentAnswer.objects.bulk_create(
        ConsentAnswer(
            enrolment=EnrolmentFactory(study=enrolment.study, agreed=False),
            statement=answer.statement,
            agreed=True,
            method="elsewhere",
            answered_at=NOW,
            recorded_by=former,
            taken_by="The research team",
        )
        for answer in enrolment.consent_answers.all()[:1]
    )
    assert erase_unconsented(now=NOW) == 0


def test_account_that_once_changed_something_in_the_admin_is_kept_with_its_log() -> None:
    former = UserFactory()
    study = StudyFactory()
    LogEntry.objects.log_actions(former.pk, [study], action_flag=CHANGE)
    assert erase_unconsented(now=NOW) == 0
    assert LogEntry.objects.filter(user=former).count() == 1


@pytest.mark.django_db(transaction=True)
def test_person_who_agrees_as_their_account_is_swept_away_stays() -> None:
    """Whichever comes first, the two never end in half a person."""
    study = StudyFactory()
    for _ in range(4):
        user = UserFactory()
        with ThreadPoolExecutor(2) as threads:
            agreeing = threads.submit(_agree, study, user)
            sweeping = threads.submit(_sweep)
            agreed = agreeing.result()
            sweeping.result()
        assert User.objects.filter(pk=user.pk).exists() is agreed
        assert study.enrolments.filter(user=user).exists() is agreed


def _agree(study: Study, user: User) -> bool:
    try:
        joined(study, user=user)
    except AccountGone:
        return False
    finally:
        connection.close()
    return True


def _sweep() -> None:
    try:
        erase_unconsented(now=NOW)
    finally:
        connection.close()
