"""A person's page and its actions in a real browser: on any screen, by anybody, without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from participants.models import User
from scheduling.models import Heartbeat
from tests.factories.participants import UserFactory
from tests.factories.studies import ArmFactory
from tests.monitoring.staff import with_second_step
from tests.monitoring.test_staff_in_a_browser import SCREENS
from tests.monitoring_export import world
from tests.scheduling.lives import sessions
from tests.services.browser_fixtures import NewPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]


@pytest.fixture
def lived() -> Any:
    """Two weeks of a study."""
    with time_machine.travel(world.CUT, tick=True):
        lived = world.begin()
        Heartbeat.objects.update_or_create(name="tick", defaults={"beat_at": timezone.now()})
        ArmFactory(study=lived.study, name="Waiting list")
        yield lived


@pytest.fixture
def keeper(lived: Any) -> User:
    rights = {f"researcher_of__{name}": True for name in ("manages", "sees_identity", "sees_arm")}
    return with_second_step(UserFactory(researcher_of=lived.study, **rights))


@pytest.mark.parametrize("screen", SCREENS)
def test_each_page_can_be_read_by_anybody(
    lived: Any, keeper: User, new_page: NewPage, sign_in: SignIn, axe: Any, screen: str
) -> None:
    page = new_page(**SCREENS[screen])
    sign_in(page, keeper)
    ann, unsure = (f"/staff/calm/people/{person.code}/" for person in (lived.ann, lived.joining))
    for address in [
        *("/staff/calm/", "/staff/calm/people/?status=lost&x=1", ann, unsure),
        *("/staff/calm/people/?code=%40&became=sent", "/staff/calm/people/by-address/"),
        *(f"{ann}move-day/", f"{ann}move-day/?show=&weekday=2&local_time=08:00&zone=Asia/Tokyo"),
        *(f"{ann}send-again/", f"{ann}pause/?show=&until=2026-03-01", f"{unsure}settle/"),
        *(f"{ann}withdraw/", f"{ann}withdraw/?show=&level=erasure", f"{ann}address/"),
        *(f"{ann}arm/", "/staff/calm/record/", "/staff/calm/record/identity/"),
    ]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        axe(page)
    page.goto(ann)
    page.get_by_role("button", name="Show who this is").click()
    expect(page.get_by_text("ann@example.org")).to_be_visible()
    axe(page)


def test_day_is_moved_without_a_script(
    lived: Any, keeper: User, no_js_page: Page, sign_in: SignIn
) -> None:
    page = no_js_page
    sign_in(page, keeper)
    page.goto("/staff/calm/")
    page.get_by_role("link", name="taking part").click()
    page.get_by_role("link", name=lived.ann.code).click()
    page.get_by_role("link", name="Change their day").click()
    page.get_by_label("Tuesday").check()
    page.get_by_role("button", name="See what will happen").click()
    expect(page.get_by_role("cell", name="Tue 27 Jan 2026, 19:00")).to_be_visible()
    page.get_by_role("button", name="Change the day").click()
    expect(page.get_by_text("Say why, in a few words and without names.").first).to_be_visible()
    page.get_by_label("Why").fill("They work on Thursdays now")
    page.get_by_role("button", name="Change the day").click()
    expect(page.get_by_text("Their day is changed.")).to_be_visible()
    expect(page.get_by_text("Why: They work on Thursdays now")).to_be_visible()
    assert sessions(lived.ann)[0] == "3 Tue 20 Jan 19:00"
