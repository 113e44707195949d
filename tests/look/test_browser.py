"""Each frame in a real browser: no barrier that axe knows, nothing wider than a small phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.services.axe import assert_accessible

pytestmark = [pytest.mark.urls("tests.look.samples"), pytest.mark.django_db(transaction=True)]

PAGES = ["/sample/", "/framed/", "/accounts/login/", "/error/404/", "/staff/styleguide/"]


def width_beyond_screen(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_known_barrier_and_fits_320_pixels(new_page, path, scheme):
    page = new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page.goto(path)
    assert_accessible(page)
    assert width_beyond_screen(page) <= 0


def test_a_page_with_problems_has_no_known_barrier_and_leads_to_the_field(new_page):
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto("/sample/")
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("alert").get_by_text("Choose a day").click()
    expect(page).to_have_url(re.compile("#id_when_0$"))
    assert_accessible(page)
    assert width_beyond_screen(page) <= 0


def test_targets_are_large_enough_for_a_thumb(phone_page):
    phone_page.goto("/sample/")
    small = phone_page.evaluate(
        """() => [...document.querySelectorAll("a.brand, nav a, .btn, .choice, select, input[type=email]")]
            .filter(one => one.getBoundingClientRect().height < 48)
            .map(one => one.outerHTML)"""
    )
    assert small == []


def test_words_stand_beside_their_box_and_buttons_clear_of_fields(page):
    page.goto("/sample/")
    box = page.get_by_label("I agree").bounding_box()
    words = page.get_by_text("I agree", exact=True).bounding_box()
    last = page.get_by_label("A few words").bounding_box()
    button = page.get_by_role("button", name="Continue").bounding_box()
    assert words["x"] > box["x"] + box["width"]
    assert button["y"] >= last["y"] + last["height"] + 32


def test_a_form_reaches_the_server_with_its_origin(page):
    """A stricter referrer policy would send "Origin: null", and the CSRF check refuses that."""
    page.goto("/accounts/login/")
    page.get_by_label("Your email address").fill("someone@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("heading", name="Look in your email").wait_for()


def test_the_breathing_circle_rests_until_asked_and_for_those_who_want_no_motion(new_page):
    def moving(page) -> str:
        return page.locator(".moves").evaluate("one => getComputedStyle(one).animationName")

    calm, still = new_page(), new_page(reduced_motion="reduce")
    for page in (calm, still):
        page.goto("/staff/styleguide/")
    assert moving(calm) == "none"
    for page in (calm, still):
        page.get_by_label("Move the circle").check()
    assert (moving(calm), moving(still)) == ("breathe", "none")
