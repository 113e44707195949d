"""Staff pages in a real browser: readable on any screen, and by anybody."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from participants.models import Enrolment, Session
from scheduling.models import Heartbeat, Rhythm
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, UserFactory, used
from tests.factories.scheduling import PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import with_second_step
from tests.services.browser_fixtures import NewPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]
SCREENS = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "dark phone": {"viewport": {"width": 360, "height": 780}, "color_scheme": "dark"},
}


@pytest.fixture
def study() -> Study:
    """People at every point of the way."""
    study = StudyFactory(slug="calm")
    now = timezone.now()
    for weekday, zone in [(1, "Europe/London"), (4, "Asia/Tokyo"), (6, "America/New_York")]:
        person = enrolled(study=study, weekday=weekday, zone=zone, now=now)
        Enrolment.objects.filter(pk=person.pk).update(last_seen_at=now)
    Session.objects.filter(enrolment=person).update(opens_at=now - timedelta(days=1))
    used(person.sessions.all(), first_opened_at=now, took_part_at=now, finished_at=now)
    paused = enrolled(study=study, now=now)
    Rhythm.objects.filter(enrolment=paused).update(paused_until=now.date() + timedelta(days=9))
    PromptFactory(enrolment=paused, state="failed", due_at=now)
    EnrolmentFactory(study=study, is_test=True)
    gone = EnrolmentFactory(study=study)
    Enrolment.objects.filter(pk=gone.pk).update(
        status="withdrawn", withdrawal="everything", withdrawn_at=now
    )
    return study


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("mail", ["calm", "alarm"])
def test_people_can_be_read_on_every_screen_and_by_anybody(
    study: Study, new_page: NewPage, sign_in: SignIn, axe: Any, screen: str, mail: str
) -> None:
    if mail == "calm":
        Heartbeat.objects.create(name="tick", beat_at=timezone.now())
    else:
        PromptFactory(enrolment__study=study, due_at=datetime(2026, 1, 8, 19, tzinfo=UTC))
    page = new_page(**SCREENS[screen])
    sign_in(page, with_second_step(UserFactory(researcher_of=study)))

    page.goto("/staff/")

    assert page.url.endswith("/staff/calm/")
    axe(page)
    page.get_by_role("link", name="People", exact=True).click()
    assert page.locator("tbody tr").count() == (6 if mail == "alarm" else 5)
    axe(page)


# Between the last two the length of the words decides, and a line too many does no harm.
@pytest.mark.parametrize("width", [360, 768, 1024, 1280])
def test_table_that_goes_on_to_the_right_says_so(
    study: Study, new_page: NewPage, sign_in: SignIn, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, java_script_enabled=False)
    sign_in(page, with_second_step(UserFactory(researcher_of=study)))
    page.goto("/staff/calm/people/")

    goes_on = page.locator(".scroll").evaluate("box => box.scrollWidth > box.clientWidth")

    assert goes_on is (width < 1280)
    assert page.get_by_text("The table goes on to the right").is_visible() is goes_on


def test_list_is_sorted_by_following_a_heading(study: Study, page: Page, sign_in: SignIn) -> None:
    sign_in(page, with_second_step(UserFactory(researcher_of=study)))
    page.goto("/staff/calm/people/")

    with page.expect_navigation():
        page.get_by_role("columnheader", name="Code").get_by_role("link").click()
    codes = page.locator("tbody .code").all_inner_texts()

    assert len(codes) == 5
    assert codes == sorted(codes)
    assert page.get_by_role("columnheader", name="Code").get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize("screen", ["desk", "phone", "dark"])
def test_studies_can_be_read_by_anybody(
    study: Study, new_page: NewPage, sign_in: SignIn, axe: Any, screen: str
) -> None:
    StudyFactory(slug="warm", public_name="A warm study")
    page = new_page(**SCREENS[screen])
    sign_in(page, with_second_step(UserFactory(superuser=True)))

    page.goto("/staff/")

    assert page.locator("tbody th").all_inner_texts() == ["A warm study", "Four Weeks"]
    axe(page)
    with page.expect_navigation():
        page.get_by_role("link", name="A warm study").click()
    with page.expect_navigation():
        page.get_by_role("link", name="People", exact=True).click()
    assert page.locator(".empty").inner_text().startswith("Nobody here yet.")
    axe(page)


def test_editor_without_a_study_finds_the_admin(page: Page, sign_in: SignIn, axe: Any) -> None:
    sign_in(page, with_second_step(UserFactory(staff=True)))
    page.goto("/staff/")
    axe(page)

    page.get_by_role("link", name="Go to the admin").click()

    expect(page).to_have_url(re.compile("/admin/$"))


@pytest.mark.parametrize("screen", ["desk", "phone", "dark"])
def test_style_guide_can_be_read_by_anybody(
    new_page: NewPage, sign_in: SignIn, axe: Any, screen: str
) -> None:
    page = new_page(**SCREENS[screen])
    sign_in(page, with_second_step(UserFactory(staff=True)))

    page.goto("/staff/styleguide/")

    axe(page)
