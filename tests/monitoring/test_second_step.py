"""Where it is required, staff set up a second step before they see anything."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.factories.participants import UserFactory
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client, with_second_step

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/2fa/totp/activate/"
PAGES = ["/staff/", "/staff/calm/", "/staff/styleguide/"]


@pytest.mark.parametrize("page", PAGES)
def test_staff_without_a_second_step_are_sent_to_set_it_up(page: str) -> None:
    client = signed_in(UserFactory(researcher_of=StudyFactory(slug="calm")))

    response = client.get(page, follow=True)

    assert response.redirect_chain == [(SET_UP, 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "Staff pages need a second step at signing in. Set it up here, then come back."
    ]


@pytest.mark.parametrize("page", PAGES)
def test_staff_with_a_second_step_see_their_pages(page: str) -> None:
    client = staff_client(researcher_of=StudyFactory(slug="calm"))

    assert client.get(page, follow=True).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_second_step_that_is_only_offered_holds_nobody_up(page: str, settings: Settings) -> None:
    settings.STAFF_MFA = "offered"
    client = signed_in(UserFactory(researcher_of=StudyFactory(slug="calm")))

    assert client.get(page, follow=True).status_code == 200


# The admin


@pytest.mark.parametrize("page", ["/admin/", "/admin/courses/course/", "/admin/login/"])
def test_admin_asks_for_the_second_step_too(page: str) -> None:
    client = signed_in(UserFactory(superuser=True))

    response = client.get(page, follow=True)

    assert response.redirect_chain[-1] == (SET_UP, 302)


def test_admin_opens_with_the_second_step() -> None:
    assert staff_client(superuser=True).get("/admin/").status_code == 200


def test_admin_opens_where_the_second_step_is_only_offered(settings: Settings) -> None:
    settings.STAFF_MFA = "offered"

    assert signed_in(UserFactory(superuser=True)).get("/admin/").status_code == 200


def test_admin_sends_a_stranger_to_the_sign_in_page_and_back() -> None:
    response = Client().get("/admin/courses/course/", follow=True)

    assert response.redirect_chain[-1] == ("/accounts/login/?next=/admin/courses/course/", 302)


def test_admin_has_no_password_form() -> None:
    response = Client().post("/admin/login/", {"username": "a@example.org", "password": "x"})

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/admin/"


def test_admin_is_closed_to_participants() -> None:
    client = signed_in(with_second_step(UserFactory()))

    assert client.get("/admin/", follow=True).status_code == 403


def test_admin_is_closed_to_researchers_who_are_not_staff() -> None:
    client = staff_client(researcher_of=StudyFactory())

    assert client.get("/admin/", follow=True).status_code == 403


def test_account_that_was_closed_is_signed_out_of_the_admin() -> None:
    user = with_second_step(UserFactory(superuser=True, is_active=False))

    response = signed_in(user).get("/admin/", follow=True)

    assert response.redirect_chain[-1] == ("/accounts/login/?next=/admin/", 302)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:1"])
def test_admin_leads_to_no_other_site(elsewhere: str) -> None:
    response = staff_client(superuser=True).get("/admin/login/", {"next": elsewhere})

    assert (response.status_code, response["Location"]) == (302, "/admin/")
