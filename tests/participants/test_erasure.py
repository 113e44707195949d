"""After an erasure nobody can be found, and everybody is still counted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.test import Client

from participants.erasure import awaiting, erase_identity
from participants.measures import summary
from participants.models import ConsentSignature, Demographics, Enrolment, User
from participants.services import DemographicAnswers, save_demographics
from participants.withdrawal import withdraw
from studies.services import tally_screening
from tests.factories.participants import (
    EnrolmentFactory,
    PlayFactory,
    UserFactory,
    active_enrolment,
)
from tests.factories.studies import StudyFactory
from tests.services.search_everywhere import places_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
ADDRESS = "Leaving.Person@example.org"
NAME = "Demo Person"
TRAINING, EVERYTHING, ERASURE = Enrolment.Withdrawal


def gone(
    enrolment: Enrolment, level: Enrolment.Withdrawal = ERASURE, reason: str = ""
) -> Enrolment:
    withdraw(enrolment=enrolment, level=level, reason=reason, now=NOW)
    return erase_identity(enrolment=enrolment, now=LATER)


def scatter_traces(user: User) -> None:
    """What signing in, the admin and visits leave about a person, here and there."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    staff = UserFactory(superuser=True)
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=user.email,
        action_flag=CHANGE,
    )
    LogEntry.objects.create(
        user=staff,
        object_repr="something else",
        change_message=f"Wrote to {user.email.upper()}",
        action_flag=CHANGE,
    )
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    Client().post("/accounts/login/code/", {"email": user.email})
    session = SessionStore()
    session["new_address"] = {"email": user.email, "tries": 0}
    session.save()


def test_erasure_leaves_neither_address_nor_name_anywhere() -> None:
    enrolment = active_enrolment(user__email=ADDRESS.lower())
    assert enrolment.user is not None
    scatter_traces(enrolment.user)
    PlayFactory(session=enrolment.sessions.in_order()[0])
    assert "django_session.session_data" in places_of(ADDRESS, NAME)

    withdraw(enrolment=enrolment, level=ERASURE, reason=f"I am {NAME}, {ADDRESS}", now=NOW)
    erase_identity(enrolment=enrolment, now=LATER)

    assert places_of(ADDRESS, NAME) == []


def test_erasure_keeps_code_and_dates() -> None:
    enrolment = active_enrolment()
    gone(enrolment)
    kept = Enrolment.objects.get()
    assert (kept.code, kept.consented_at, kept.day_chosen_at, kept.withdrawn_at) == (
        enrolment.code,
        enrolment.consented_at,
        enrolment.day_chosen_at,
        NOW,
    )
    assert (kept.user, kept.erased_at, kept.withdrawal) == (None, LATER, "erasure")
    assert kept.sessions.count() == 4


def test_erasure_leaves_the_counts_as_they_were() -> None:
    study = StudyFactory()
    for unmet in ("", "", "", "adult"):
        tally_screening(study=study, source="", unmet=unmet, now=NOW)
    leaving, *_others = [active_enrolment(study=study) for _ in range(3)]
    withdraw(enrolment=leaving, level=ERASURE, reason="", now=NOW)
    before = summary(study)
    erase_identity(enrolment=leaving, now=LATER)
    assert summary(study) == before
    assert before.assessed == before.excluded + before.eligible == 4
    assert before.consented == before.joining + before.active + sum(before.withdrawn.values()) == 3


def test_erasure_without_deletion_keeps_the_records_and_empties_own_words() -> None:
    enrolment = active_enrolment(user__email=ADDRESS.lower())
    answers = DemographicAnswers(
        gender_answered="answered", gender="own_words", gender_own_words="as I say it"
    )
    save_demographics(enrolment=enrolment, answers=answers, now=NOW)
    gone(enrolment, EVERYTHING)
    kept = Demographics.objects.get()
    assert (kept.gender, kept.gender_own_words) == ("own_words", "")
    assert enrolment.consent_answers.count() == 5
    assert not ConsentSignature.objects.exists()
    assert places_of(ADDRESS, NAME, "as I say it") == []


def test_erasure_of_someone_who_has_not_withdrawn_is_refused() -> None:
    with pytest.raises(ValueError, match="has not withdrawn"):
        erase_identity(enrolment=EnrolmentFactory(), now=NOW)
    assert Enrolment.objects.get().user is not None


def test_erasure_twice_is_once() -> None:
    enrolment = EnrolmentFactory()
    gone(enrolment)
    again = erase_identity(enrolment=enrolment, now=LATER + timedelta(days=1))
    assert (again.erased_at, again.link_version) == (LATER, 3)


@pytest.mark.django_db(transaction=True)
def test_erasure_by_two_workers_at_once_is_one() -> None:
    enrolment = EnrolmentFactory()
    withdraw(enrolment=enrolment, level=ERASURE, reason="", now=NOW)

    def erase(_: int) -> int:
        try:
            return erase_identity(enrolment=enrolment, now=LATER).link_version
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(erase, range(4))) == {3}


def test_account_with_another_enrolment_is_kept_until_that_is_erased_too() -> None:
    leaving = EnrolmentFactory(user__email=ADDRESS.lower())
    other = EnrolmentFactory(user=leaving.user)
    gone(leaving)
    other.refresh_from_db()
    assert other.user is not None
    assert places_of(ADDRESS) == ["participants_user.email"]
    gone(other)
    assert places_of(ADDRESS) == []


def test_account_of_someone_who_works_here_is_kept() -> None:
    for fields in ({"staff": True}, {"researcher_of": StudyFactory()}):
        user = UserFactory(**fields)
        enrolment = EnrolmentFactory(user=user)
        gone(enrolment)
        assert User.objects.filter(pk=user.pk).exists()
        assert not enrolment.signatures.exists()


def test_erasure_leaves_other_people_signed_in() -> None:
    client = Client()
    client.force_login(UserFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
    cache.set("attempts", 1)
    gone(EnrolmentFactory())
    assert SessionStore().exists(client.session.session_key)


def test_awaiting_are_those_who_asked_and_are_still_known() -> None:
    asked = EnrolmentFactory()
    withdraw(enrolment=asked, level=ERASURE, reason="", now=NOW)
    done = EnrolmentFactory()
    gone(done)
    stopped = EnrolmentFactory()
    withdraw(enrolment=stopped, level=EVERYTHING, reason="", now=NOW)
    EnrolmentFactory()
    assert list(awaiting()) == [asked]
