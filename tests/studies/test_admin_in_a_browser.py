"""Setting a study up in the admin, in a real browser: by its labels, and within the rules."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from studies.models import Document, Study
from tests.factories.participants import UserFactory
from tests.factories.studies import DocumentFactory, StudyFactory
from tests.monitoring.staff import with_second_step
from tests.services.browser_fixtures import NewPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]
FROM = datetime(2026, 3, 2, 20, 44, tzinfo=UTC)


@pytest.fixture
def study(transactional_db: None) -> Study:
    return StudyFactory(recruiting_from=FROM)


@pytest.fixture
def document(study: Study) -> Document:
    return DocumentFactory(study=study)


@pytest.fixture(params=["light", "dark"])
def here(request: pytest.FixtureRequest, new_page: NewPage, sign_in: SignIn, study: Study) -> Page:
    page = new_page(viewport={"width": 360, "height": 780}, color_scheme=request.param)
    sign_in(page, with_second_step(UserFactory(superuser=True)))
    return page


def broken_rules(page: Page) -> list[tuple[str, list[str]]]:
    """WCAG 2.2 AA, Django's frame around the page included."""
    tags = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    # Without preloading, for which axe would put styles of its own into the page.
    options = {"resultTypes": ["violations"], "runOnly": tags, "preload": False}
    found = Axe().run(page, options=options).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def test_no_page_of_a_study_has_a_known_barrier(
    here: Page, study: Study, document: Document
) -> None:
    for path in (
        "study/",
        "study/add/",
        f"study/{study.pk}/change/",
        "document/",
        "document/add/",
        f"document/{document.pk}/change/",
        "screeningtally/",
    ):
        here.goto(f"/admin/studies/{path}")
        expect(here.locator("#content")).to_be_visible()
        assert broken_rules(here) == []


def test_day_and_time_are_found_by_what_they_are_called(here: Page, study: Study) -> None:
    here.goto(f"/admin/studies/study/{study.pk}/change/")

    expect(here.get_by_label("Recruiting from, date")).to_have_value("02/03/2026")
    expect(here.get_by_label("Recruiting from, time")).to_have_value("20:44:00")
    expect(here.get_by_label("Recruiting until, date")).to_have_value("")
