"""The pages of joining in a real browser: the rules of accessibility, and life without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from participants.models import Enrolment
from tests.factories.scheduling import enrolled
from tests.factories.studies import StudyFactory
from tests.portal_joining.walk import STATEMENTS, newest_code

pytestmark = pytest.mark.django_db(transaction=True)


def press(page: Page, button: str = "main form button[type=submit]") -> None:
    """Until the next page is there whole: a click alone waits for its first words at most."""
    with page.expect_navigation():
        page.locator(button).first.click()


def walk(page: Page, look: Any) -> None:
    """Join with the mouse; `look` is called on every page, and on every page with a problem."""
    page.goto("/join/four-weeks/")
    look()
    press(page)
    look()
    press(page)
    look()
    page.goto("/join/four-weeks/not-this-time/adult/")
    look()
    page.go_back()
    for key in ("adult", "internet", "english"):
        assert page.url.endswith(f"/question/{key}/")
        page.check("input[value=yes]")
        press(page)
    look()
    page.fill("input[name=email]", "ann@example.org")
    press(page)
    look()
    page.fill("input[name=code]", newest_code("ann@example.org"))
    press(page)
    look()
    press(page)
    look()
    for key in STATEMENTS:
        page.check(f"input[name=statement-{key}]")
    page.fill("input[name=typed_name]", "Ann Demo")
    press(page)
    look()
    press(page)
    look()
    page.check("input[name=weekday][value='4']")
    press(page, "button[name=show]")
    look()
    expect(page.locator("#dates")).to_be_visible()
    press(page)
    look()
    assert page.url.endswith("/join/four-weeks/dates/")


def test_every_page_of_joining_keeps_the_rules(page: Page, axe: Any) -> None:
    StudyFactory(slug="four-weeks")
    walk(page, lambda: axe(page))
    for address in ("/home/details/", "/home/details/about-you/", "/home/address/"):
        page.goto(address)
        axe(page)


def test_every_page_of_joining_keeps_the_rules_in_the_dark(dark_page: Page, axe: Any) -> None:
    StudyFactory(slug="four-weeks")
    walk(dark_page, lambda: axe(dark_page))


def test_joining_works_without_javascript_and_offers_the_studys_zone(no_js_page: Page) -> None:
    StudyFactory(slug="four-weeks", default_zone="Europe/Dublin")
    walk(no_js_page, lambda: None)
    assert Enrolment.objects.get().rhythm.zone == "Europe/Dublin"


def test_joining_fits_a_small_phone_and_offers_its_own_zone(new_page: Any) -> None:
    StudyFactory(slug="four-weeks")
    page = new_page(timezone_id="Asia/Tokyo", viewport={"width": 320, "height": 640})

    def fits() -> None:
        over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(over) == 0, page.url

    walk(page, fits)
    assert Enrolment.objects.get().rhythm.zone == "Asia/Tokyo"


def test_a_browser_that_says_an_old_name_is_offered_its_place(new_page: Any) -> None:
    StudyFactory(slug="four-weeks")
    walk(new_page(timezone_id="Asia/Calcutta"), lambda: None)
    assert Enrolment.objects.get().rhythm.zone == "Asia/Kolkata"


@pytest.mark.parametrize("address", ["/", "/help/", "/privacy/", "/accessibility/"])
def test_open_pages_keep_the_rules(page: Page, axe: Any, address: str) -> None:
    enrolled(study=StudyFactory(slug="four-weeks"))
    page.goto(address)
    axe(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_after_a_problem_the_keyboard_is_at_its_words(new_page: Any, javascript: bool) -> None:
    StudyFactory(slug="four-weeks")
    page = new_page(java_script_enabled=javascript)
    page.goto("/join/four-weeks/")
    press(page)
    press(page)
    # A browser moves to what asks for it (autofocus) when it next draws the page, not before.
    expect(page.locator(".problems")).to_be_focused()
