"""The admin has no page on passwords: who works there signs in by a code and the second step."""

import pytest
from django.test import Client

from tests.factories.participants import UserFactory
from tests.monitoring.staff import signed_in, with_second_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def made_on_the_server() -> Client:
    """As `createsuperuser` makes an account: it asks for a password."""
    user = with_second_step(UserFactory(superuser=True))
    user.set_password("a password of no use")
    user.save()
    return signed_in(user)


@pytest.mark.parametrize("page", ["/admin/password_change/", "/admin/password_change/done/"])
def test_there_is_none(made_on_the_server: Client, page: str) -> None:
    assert made_on_the_server.get(page).status_code == 404


def test_the_head_of_a_page_leads_to_the_second_step_instead(made_on_the_server: Client) -> None:
    page = made_on_the_server.get("/admin/").content.decode()

    assert "password" not in page.lower()
    assert '<a href="/accounts/2fa/">Second step</a>' in page
