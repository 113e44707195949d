"""The settings and the export in a real browser: readable on any screen, and without scripts."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from participants.models import User
from studies.models import Document, Study
from studies.services import new_version
from tests.factories.participants import EnrolmentFactory, UserFactory
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
PAGES = [
    "/staff/new-study/",
    "/staff/quiet/settings/",
    "/staff/quiet/settings/open/",
    "/staff/calm/export/",
    *(
        f"/staff/calm/settings/{part}"
        for part in (
            *("", "names/", "team/", "recruiting/", "weeks/", "keeping/", "eligibility/", "arms/"),
            *("close/", "documents/consent/", "documents/consent/1/", "documents/information/1/"),
            *("documents/consent/draft/", "documents/consent/draft/publish/"),
            "documents/consent/draft/delete/",
        )
    ),
]


@pytest.fixture
def study(transactional_db: None) -> Study:
    """Open, with somebody in it, arms, and a new consent form being written."""
    study = StudyFactory(slug="calm", public_name="A calm study")
    study.arms.create(key="guided", name="Guided")
    EnrolmentFactory(study=study)
    consent = Document.objects.in_force(study, Document.Kind.CONSENT)
    assert consent is not None
    new_version(document=consent)
    return study


@pytest.fixture
def manager(study: Study) -> User:
    return with_second_step(UserFactory(researcher_of=study, researcher_of__manages=True))


@pytest.mark.parametrize("screen", SCREENS)
def test_every_page_can_be_read_by_anybody_on_any_screen(
    study: Study, new_page: NewPage, sign_in: SignIn, axe: Any, screen: str
) -> None:
    StudyFactory(slug="quiet", state=Study.State.DRAFT, documents=False, criteria=False)
    page = new_page(**SCREENS[screen])
    sign_in(page, with_second_step(UserFactory(superuser=True)))

    for address in PAGES:
        page.goto(address)
        axe(page)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert (address, page.locator("h1").count(), wide) == (address, 1, False)


@pytest.mark.parametrize("screen", ["desk", "dark phone"])
def test_pages_with_a_problem_can_be_read_by_anybody(
    study: Study, manager: User, new_page: NewPage, sign_in: SignIn, axe: Any, screen: str
) -> None:
    page = new_page(**SCREENS[screen])
    sign_in(page, manager)

    page.goto("/staff/calm/settings/names/")
    page.get_by_label("Public name").fill("")
    page.get_by_role("button", name="Save").click()
    axe(page)
    page.get_by_label("Public name").fill("Mine")
    Study.objects.update(public_name="Theirs")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("Somebody saved this while you were writing.").is_visible()
    axe(page)
    page.goto("/staff/calm/settings/documents/consent/draft/publish/")
    page.get_by_role("button", name="Publish version 2").click()
    axe(page)
    page.goto("/staff/calm/export/")
    page.get_by_label("Day").fill("2026-01-20")
    page.get_by_role("button", name="Download the zip").click()
    assert page.get_by_text("Give both a day and a time").first.is_visible()
    axe(page)


def test_new_consent_form_is_written_and_published_without_scripts(
    study: Study, manager: User, no_js_page: Page, sign_in: SignIn
) -> None:
    page = no_js_page
    sign_in(page, manager)
    page.goto("/staff/calm/settings/")
    page.get_by_role("link", name="Consent form").click()
    page.get_by_role("link", name="Write version 2").click()

    page.get_by_label("Text").fill("## What is new\n\nWe ask one thing more.")
    page.get_by_role("button", name="Add a statement").click()
    added = page.locator("section", has=page.get_by_role("heading", name="Statement 6"))
    added.get_by_label("What people agree to").fill("I agree to a phone call.")
    added.get_by_label("Key").fill("phone")
    added.get_by_label("Nobody can take part without it").uncheck()
    added.get_by_role("button", name="Up").click()
    page.get_by_role("button", name="See how the text looks").click()
    assert page.get_by_role("heading", name="What is new").is_visible()
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_role("link", name="Publish it").click()
    page.get_by_label("Yes. 1 person who takes part is asked").check()
    page.get_by_role("button", name="Publish version 2").click()
    assert page.get_by_text("Consent form, version 2 is published.").is_visible()

    consent = Document.objects.in_force(study, Document.Kind.CONSENT)
    assert consent is not None
    assert (consent.version, consent.requires_new_consent) == (2, True)
    assert [each.key for each in consent.statements.order_by("position")][-2:] == [
        *("phone", "interview")
    ]


def test_export_is_downloaded(
    study: Study, manager: User, no_js_page: Page, sign_in: SignIn, tmp_path: Path
) -> None:
    sign_in(no_js_page, manager)
    no_js_page.goto("/staff/calm/")
    no_js_page.get_by_role("link", name="Export").click()

    with no_js_page.expect_download() as started:
        no_js_page.get_by_role("button", name="Download the zip").click()
    started.value.save_as(tmp_path / "export.zip")

    archive = zipfile.ZipFile(io.BytesIO((tmp_path / "export.zip").read_bytes()))
    assert started.value.suggested_filename == f"{archive.namelist()[0].partition('/')[0]}.zip"
    assert len(archive.namelist()) == 14
    no_js_page.reload()
    row = no_js_page.locator("tbody tr", has_text="enrolments.csv")
    assert row.locator("td").last.inner_text() == "1"
