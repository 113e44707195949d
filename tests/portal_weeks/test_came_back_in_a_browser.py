"""The card about mail that comes back: on every screen, for everybody."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from participants.models import User
from tests.factories.participants import UserFactory
from tests.factories.scheduling import enrolled
from tests.portal_weeks.people import token_of

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "dark phone": {"viewport": {"width": 360, "height": 780}, "color_scheme": "dark"},
}


@pytest.fixture
def person(transactional_db, surroundings):
    now = timezone.now()
    user = UserFactory(email="ann@example.org")
    person = enrolled(user=user, now=now - timedelta(days=9))
    User.objects.update(address_failed_at=now)
    return person


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("path", ["/home/", "/week/1/", "/week/4/"])  # the last is not open yet
def test_card_can_be_read_and_used(new_page, sign_in, axe, person, screen, path) -> None:
    page = new_page(**SCREENS[screen])
    sign_in(page, person.user)
    page.goto(path)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("button", name="That address works again").click()

    page.get_by_text("Our emails go to that address again.").wait_for()
    assert page.url.endswith(path)
    assert not User.objects.exclude(address_failed_at=None).exists()


def test_card_behind_a_mailed_link_leads_to_signing_in_and_back(page, axe, person) -> None:
    page.goto(f"/go/{token_of(person)}/")
    with page.expect_navigation():
        page.get_by_role("button").first.click()
    page.goto("/home/")
    axe(page)
    page.get_by_role("link", name="Sign in to get emails again").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/home/$"))
