"""The admin knows those who work here, and lists nobody who takes part."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from participants.models import StudyResearcher, User
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client, with_second_step

pytestmark = pytest.mark.django_db

ACCOUNTS = "/admin/participants/user/"
NO_STUDIES = {"studies_researched-TOTAL_FORMS": 0, "studies_researched-INITIAL_FORMS": 0}


@pytest.fixture
def superuser() -> Client:
    return staff_client(superuser=True)


@pytest.fixture
def manager() -> Client:
    """May change accounts, but is no superuser."""
    user = UserFactory(staff=True, email="manager@example.org")
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="participants"))
    return signed_in(with_second_step(user))


@pytest.mark.parametrize("who", ["superuser", "manager"])
def test_accounts_are_those_of_staff_and_researchers(
    who: str, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(who)
    taking_part = EnrolmentFactory(user__email="taking.part@example.org").user
    UserFactory(researcher_of=StudyFactory(), email="researcher@example.org")
    page = client.get(ACCOUNTS, {"q": "example.org"}).content.decode()
    assert "researcher@example.org" in page
    assert "taking.part@example.org" not in page
    assert client.get(f"{ACCOUNTS}{taking_part.pk}/change/").status_code == 302


def test_accounts_are_for_those_with_the_right_alone() -> None:
    assert Client().get(ACCOUNTS).status_code == 302
    assert signed_in(EnrolmentFactory().user).get(ACCOUNTS).status_code == 302
    assert signed_in(UserFactory(researcher_of=StudyFactory())).get(ACCOUNTS).status_code == 302
    assert staff_client(staff=True).get(ACCOUNTS).status_code == 403


@pytest.mark.parametrize("url", ["/admin/account/emailaddress/", "/admin/mfa/authenticator/"])
def test_addresses_and_second_factors_are_not_listed(superuser: Client, url: str) -> None:
    assert superuser.get(url).status_code == 404


def test_new_account_is_of_staff_and_signs_in_by_code(superuser: Client) -> None:
    study = StudyFactory()
    told = {
        "email": "New.Colleague@example.org",
        "is_active": "on",
        "is_staff": "on",
        "studies_researched-TOTAL_FORMS": 1,
        "studies_researched-INITIAL_FORMS": 0,
        "studies_researched-0-study": study.pk,
    }
    assert superuser.post(f"{ACCOUNTS}add/", told).status_code == 302
    colleague = User.objects.get(email="new.colleague@example.org")
    assert colleague.is_staff
    assert not colleague.has_usable_password()
    assert StudyResearcher.objects.get().study == study


def test_account_added_by_a_manager_is_of_staff_and_no_more(manager: Client) -> None:
    told = {"email": "new@example.org", "is_active": "on", "is_superuser": "on", **NO_STUDIES}
    assert manager.post(f"{ACCOUNTS}add/", told).status_code == 302
    added = User.objects.get(email="new@example.org")
    assert (added.is_staff, added.is_superuser) == (True, False)


@pytest.mark.parametrize("again", ["Colleague@bücher.example", "colleague@xn--bcher-kva.example"])
def test_account_of_a_known_address_is_not_made_twice(superuser: Client, again: str) -> None:
    UserFactory(email="colleague@bücher.example")
    told = {"email": again, "is_active": "on", **NO_STUDIES}
    response = superuser.post(f"{ACCOUNTS}add/", told)
    assert response.context["adminform"].form.non_field_errors() == [
        "There is an account with this address already."
    ]


def test_manager_gives_nobody_rights_and_leaves_superusers_alone(manager: Client) -> None:
    colleague = UserFactory(staff=True)
    url = f"{ACCOUNTS}{colleague.pk}/change/"
    told = {"is_active": "on", "is_superuser": "on", "email": "x@example.org", **NO_STUDIES}
    assert manager.post(url, told).status_code == 302
    kept = User.objects.get(pk=colleague.pk)
    assert (kept.is_superuser, kept.email) == (False, colleague.email)

    above = UserFactory(superuser=True)
    assert manager.post(f"{ACCOUNTS}{above.pk}/change/", NO_STUDIES).status_code == 403


ONE_STUDY = {"studies_researched-TOTAL_FORMS": 1, "studies_researched-INITIAL_FORMS": 0}
RIGHTS = {f"studies_researched-0-{name}": "on" for name in ("sees_identity", "sees_arm", "manages")}


def rights_given_by(client: Client) -> tuple[bool, bool, bool]:
    """To a colleague, of one study, with every box ticked."""
    colleague = UserFactory(staff=True)
    told = {
        "is_active": "on",
        "is_staff": "on",
        **ONE_STUDY,
        **RIGHTS,
        "studies_researched-0-study": StudyFactory().pk,
        "studies_researched-0-user": colleague.pk,
    }
    assert client.post(f"{ACCOUNTS}{colleague.pk}/change/", told).status_code == 302
    given = StudyResearcher.objects.get(user=colleague)
    return given.sees_identity, given.sees_arm, given.manages


def test_superuser_says_what_more_than_codes_a_researcher_may(superuser: Client) -> None:
    assert rights_given_by(superuser) == (True, True, True)


def test_manager_lets_a_colleague_see_a_study_and_no_more(manager: Client) -> None:
    assert rights_given_by(manager) == (False, False, False)


def test_manager_takes_no_right_of_one_study_to_another(manager: Client) -> None:
    here, there = StudyFactory(), StudyFactory()
    colleague = UserFactory(researcher_of=here, researcher_of__sees_identity=True, staff=True)
    row = StudyResearcher.objects.get()
    told = {
        "is_active": "on",
        "studies_researched-TOTAL_FORMS": 1,
        "studies_researched-INITIAL_FORMS": 1,
        "studies_researched-0-id": row.pk,
        "studies_researched-0-user": colleague.pk,
        "studies_researched-0-study": there.pk,
    }
    assert manager.post(f"{ACCOUNTS}{colleague.pk}/change/", told).status_code == 302
    row.refresh_from_db()
    assert (row.study, row.sees_identity, StudyResearcher.objects.count()) == (here, True, 1)


def test_account_is_ended_and_not_deleted(superuser: Client) -> None:
    colleague = UserFactory(staff=True)
    assert superuser.post(f"{ACCOUNTS}{colleague.pk}/delete/").status_code == 403
    told = {"is_staff": "on", **NO_STUDIES}
    superuser.post(f"{ACCOUNTS}{colleague.pk}/change/", told)
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.is_staff) == (False, True)
