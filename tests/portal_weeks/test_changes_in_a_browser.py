"""The pages that show what a change will do, in a browser: by day and by night, wide and narrow."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from scheduling import delivery, services
from scheduling.models import Prompt, Rhythm
from tests.factories.scheduling import enrolled

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = {
    "wide": {"viewport": {"width": 1280, "height": 900}},
    "wide and dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 360, "height": 780}},
    "narrow and dark": {"viewport": {"width": 360, "height": 780}, "color_scheme": "dark"},
}


@pytest.fixture
def person(transactional_db, surroundings, mailoutbox):
    """Week one was sent, by the clock on the wall; three are ahead."""
    person = enrolled(now=timezone.now() - timedelta(days=8))
    delivery.run(clock=timezone.now, limit=20)
    return person


@pytest.mark.parametrize("screen", SCREENS)
def test_a_break_is_seen_begun_seen_again_and_ended(
    new_page, sign_in, axe, person, screen: str
) -> None:
    page = new_page(**SCREENS[screen])
    sign_in(page, person.user)

    def look(heading: str) -> None:
        expect(page.locator("main h1")).to_have_text(heading)
        page.wait_for_load_state()
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, "it is wider than the screen"

    page.goto("/home/another-week/")
    look("Another week before moving on?")
    page.goto("/home/day/")
    page.get_by_role("button", name="See what changes").click()
    look("Is this right?")
    page.goto("/home/pause/")
    look("Take a break")
    until = timezone.localdate() + timedelta(days=40)
    page.get_by_label("Until which day?").fill(until.isoformat())
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_text("sessions move; next:")).to_be_visible()
    page.wait_for_load_state()
    axe(page)
    page.get_by_role("button", name="Yes, begin the break").click()
    expect(page.get_by_text("Your break begins now.")).to_be_visible()
    page.goto("/home/pause/")
    look("You are having a break")
    expect(page.get_by_role("heading", name="If you end it now")).to_be_visible()
    page.get_by_role("button", name="End the break now").click()
    expect(page.get_by_text("The break is over. Welcome back.")).to_be_visible()


@pytest.mark.parametrize("screen", ["wide", "narrow and dark"])
def test_where_all_was_sent_the_page_says_so(new_page, sign_in, axe, person, screen: str) -> None:
    Prompt.objects.filter(state="planned").update(state="skipped")
    page = new_page(**SCREENS[screen])
    sign_in(page, person.user)
    page.goto("/home/pause/")
    expect(page.locator("main h1")).to_have_text("All your weeks are open")
    axe(page)


@pytest.mark.parametrize("screen", ["narrow"])
def test_two_tabs_without_scripts_take_one_week_and_show_the_next(
    new_page, sign_in, person, screen: str
) -> None:
    scripted = new_page(**SCREENS[screen])
    sign_in(scripted, person.user)
    state = scripted.context.storage_state()
    one = new_page(**SCREENS[screen], storage_state=state, java_script_enabled=False)
    other = one.context.new_page()
    for tab in (one, other):
        tab.goto("/home/another-week/")
    one.get_by_role("button", name="Yes, take another week").click()
    expect(one.get_by_text("You have another week.")).to_be_visible()
    other.get_by_role("button", name="Yes, take another week").click()
    expect(other.get_by_text("Please look again.")).to_be_visible()
    other.get_by_role("button", name="Yes, take another week").click()
    expect(other.get_by_text("You have another week.")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
def test_the_page_to_look_at_again_can_be_read_and_used(
    new_page, sign_in, axe, person, screen: str
) -> None:
    page = new_page(**SCREENS[screen])
    sign_in(page, person.user)

    def look() -> None:
        page.wait_for_load_state()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    same = Rhythm.objects.values("weekday", "local_time", "zone").get()
    services.change_day(enrolment=person, now=timezone.now(), **same)  # apart from the late mail
    page.goto("/home/day/")
    page.get_by_role("button", name="See what changes").click()
    expect(page.locator("main h1")).to_have_text("This is your day already")
    look()
    page.goto("/home/another-week/")
    services.another_week(enrolment=person, now=timezone.now())
    page.get_by_role("button", name="Yes, take another week").click()
    expect(page.get_by_text("Please look again.")).to_be_visible()
    look()
