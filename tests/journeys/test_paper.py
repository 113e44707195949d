"""What comes out of a printer: every handout whole, on two pages of A4, and nothing else."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.factories.scheduling import enrolled
from tests.journeys.conftest import MONDAY


@pytest.fixture
def reader(study, clock, page: Page, sign_in) -> Page:
    """Someone for whom all four weeks are open."""
    person = enrolled(study=study, now=MONDAY)
    clock(MONDAY + timedelta(weeks=5))
    sign_in(page, person.user)
    return page


def pages_of_paper(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("week", [1, 2, 3, 4])
def test_handout_prints_alone_on_two_pages(reader: Page, week: int):
    reader.goto(f"/week/{week}/handout/print/")
    reader.emulate_media(media="print")

    expect(reader.locator("article.handout")).to_be_visible()
    expect(reader.get_by_text("This is a demonstration. Nothing here is real")).to_be_hidden()
    expect(reader.get_by_role("banner")).to_be_hidden()
    assert pages_of_paper(reader) <= 2


def test_page_of_the_week_prints_its_handout_alone(reader: Page):
    reader.goto("/week/1/")
    reader.emulate_media(media="print")

    expect(reader.locator("article.handout")).to_be_visible()
    expect(reader.get_by_role("heading", name="Watch")).to_be_hidden()
    assert pages_of_paper(reader) <= 2


@pytest.mark.parametrize("kind", ["worries", "glossary"])
def test_text_beside_the_weeks_prints_alone_on_two_pages(reader: Page, kind: str):
    reader.goto(f"/beside/{kind}/?week=1")
    reader.emulate_media(media="print")

    expect(reader.locator("article.handout")).to_be_visible()
    expect(reader.get_by_text("Back to week one")).to_be_hidden()
    expect(reader.get_by_text("Print this page with your browser")).to_be_hidden()
    assert pages_of_paper(reader) <= 2


def test_agreement_prints_with_its_whole_text_and_the_sheet(reader: Page):
    reader.goto("/home/agreement/")
    reader.emulate_media(media="print")

    expect(reader.get_by_text("Nothing is ticked for you.")).to_be_visible()
    expect(reader.get_by_role("heading", name="About the study")).to_be_visible()
