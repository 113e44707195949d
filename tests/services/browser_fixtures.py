"""Fixtures for journeys: a real browser before the live server.

    page          1280 x 800            phone_page    360 x 780, touch
    no_js_page    JavaScript off        dark_page     prefers a dark scheme
    new_page      makes more: `new_page(timezone_id="Asia/Tokyo")`, each a person of its own
    axe           `axe(page)` holds the page to WCAG 2.2 AA
    sign_in       `sign_in(page, user)` without the sign-in pages

A path is enough to go to: `page.goto("/help/")`; links in mails (`mailoutbox`) lead to the live server. When a test ends, every page must have kept to
this server and run without a script error or a breach of the Content-Security-Policy. Of a failed
test, each page's picture is kept in test-results/.
"""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.services import browser as browsers
from tests.services.axe import assert_accessible

NewPage = Callable[..., Page]

_PAGES = {"page", "phone_page", "no_js_page", "dark_page"}
_FAILED = pytest.StashKey[bool]()
_NO_BROWSER = "No Chromium starts here, so the journeys were skipped"
_RESULTS = Path("test-results")
# In milliseconds: a busy machine may take its time.
_PATIENCE = 20_000

expect.set_options(timeout=_PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()) or _takes_a_page_by_name(item):
            item.add_marker(pytest.mark.journey)


def _takes_a_page_by_name(item: pytest.Item) -> bool:
    """Of a parameter, when it runs: no fixture says so before."""
    given = getattr(item, "callspec", None)
    return given is not None and any(
        each in _PAGES for each in given.params.values() if isinstance(each, str)
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if _NO_BROWSER in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"!!! {_NO_BROWSER.upper()}: {len(skipped)} TESTS !!!", red=True
        )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop lives in this thread, so Django takes every query of a test for
        # one from asynchronous code, and would refuse it. Nothing here is asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        try:
            browser = browsers.launch(playwright)
        except browsers.NoBrowserError as error:
            if os.environ.get("CI"):
                pytest.fail(f"No Chromium starts here: {error}")
            pytest.skip(f"{_NO_BROWSER}: {error}")
        yield browser
        browser.close()


@pytest.fixture
def new_page(
    browser: Browser, live_server: LiveServer, settings: Settings, request: pytest.FixtureRequest
) -> Iterator[NewPage]:
    """Opens a page with its own cookies; options are those of Playwright's `new_context`."""
    settings.SITE_URL = live_server.url  # so that a mailed link can be followed
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(**options: Any) -> Page:
        options = {
            "base_url": live_server.url,
            "locale": "en-GB",
            "timezone_id": "Europe/London",
            "viewport": {"width": 1280, "height": 800},
            **options,
        }
        context = browser.new_context(**options)
        context.set_default_timeout(_PATIENCE)
        contexts.append(context)
        _listen(context, live_server.url, faults)
        return context.new_page()

    yield open_page
    failed = request.node.stash.get(_FAILED, False)
    for number, context in enumerate(contexts):
        if failed:
            _keep_pictures(context, f"{request.node.name}-{number}")
        context.close()
    _wait_until_all_is_answered()
    assert failed or faults == []


def _wait_until_all_is_answered() -> None:
    """What a page asked for as it was left is still being answered: tables that are emptied now
    would wait for each other. The server has a thread for each line.
    """
    until = time.monotonic() + 3.0
    while time.monotonic() < until and any(
        "process_request_thread" in each.name for each in threading.enumerate()
    ):
        time.sleep(0.01)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page()


@pytest.fixture
def phone_page(new_page: NewPage) -> Page:
    return new_page(
        viewport={"width": 360, "height": 780},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
    )


@pytest.fixture
def no_js_page(new_page: NewPage) -> Page:
    return new_page(java_script_enabled=False)


@pytest.fixture
def dark_page(new_page: NewPage) -> Page:
    return new_page(color_scheme="dark")


@pytest.fixture
def axe() -> Callable[[Page], None]:
    return assert_accessible


@pytest.fixture
def sign_in(live_server: LiveServer) -> Callable[[Page, Any], None]:
    def sign_in(page: Page, user: Any) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [
                {
                    "name": django_settings.SESSION_COOKIE_NAME,
                    "value": session,
                    "url": live_server.url,
                }
            ]
        )

    return sign_in


def _listen(context: BrowserContext, own: str, faults: list[str]) -> None:
    def hear_request(request: Any) -> None:
        if not request.url.startswith((own, "data:", "blob:")):
            faults.append(f"asked another origin: {request.url}")

    def hear_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    context.on("request", hear_request)
    context.on("console", hear_console)
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))


def _keep_pictures(context: BrowserContext, name: str) -> None:
    file_name = re.sub(r"[^\w.-]+", "-", name)
    for number, page in enumerate(context.pages):
        page.screenshot(path=_RESULTS / f"{file_name}-{number}.png", full_page=True)
