"""The browser that journeys are walked in does what its fixtures promise."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route

from tests.services.browser_fixtures import NewPage

POLICY = {"content-security-policy": "default-src 'none'", "content-type": "text/html"}
BODY = """
<!doctype html><html lang="en"><title>Probe</title>
<meta name="viewport" content="width=device-width">
<main><h1>Probe</h1><input></main></html>
"""


def _visit_probe(page: Page) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=BODY, headers=POLICY)

    page.route("**/probe", answer)
    page.goto("/probe")


def test_a_phone_page_is_as_wide_as_a_small_phone(phone_page: Page) -> None:
    _visit_probe(phone_page)
    assert phone_page.evaluate("innerWidth") == 360


def test_a_dark_page_prefers_dark(dark_page: Page, page: Page) -> None:
    dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    assert (dark_page.evaluate(dark), page.evaluate(dark)) == (True, False)


def test_axe_works_under_a_strict_policy(page: Page, axe: Callable[[Page], None]) -> None:
    _visit_probe(page)
    with pytest.raises(AssertionError, match=r"label \(critical\)"):
        axe(page)


def test_a_page_can_be_signed_in(page: Page, sign_in: Callable[..., None]) -> None:
    user = get_user_model().objects.create(email="ann@example.org")
    sign_in(page, user)
    (cookie,) = page.context.cookies()
    assert cookie["value"] == Session.objects.get().session_key


def test_two_new_pages_are_two_people(new_page: NewPage) -> None:
    first, second = new_page(), new_page(timezone_id="Asia/Tokyo")
    zone = "Intl.DateTimeFormat().resolvedOptions().timeZone"
    assert (first.evaluate(zone), second.evaluate(zone)) == ("Europe/London", "Asia/Tokyo")
    assert first.context != second.context
