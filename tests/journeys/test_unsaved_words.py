"""Words in the editor that are not saved: nobody loses them unasked, and what is shown is saved."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from courses.models import Material
from tests.factories.courses import draft_edition
from tests.journeys.test_editor import an_editor, writing

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]


@pytest.fixture
def handout(transactional_db: None) -> Material:
    return draft_edition(weeks=1).modules.get().materials.get(key="handout")


@pytest.fixture
def here(page: Page, sign_in: SignIn, handout: Material) -> Page:
    """The handout's page, with a sentence that is not saved."""
    sign_in(page, an_editor())
    page.goto(f"/admin/courses/material/{handout.pk}/change/")
    writing(page).click()
    page.keyboard.type("An hour of work. ")
    return page


def answering(page: Page, *, stay: bool) -> list[str]:
    """What is asked from here on, each time with that answer."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if stay:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    return asked


def preview(page: Page) -> Locator:
    return page.get_by_role("link", name="See it as people do", exact=True)


def test_who_leaves_with_words_unsaved_is_asked(here: Page) -> None:
    asked = answering(here, stay=True)

    preview(here).click(no_wait_after=True)

    expect(writing(here)).to_contain_text("An hour of work.")
    here.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_who_saves_or_wrote_nothing_is_not_asked(here: Page, handout: Material) -> None:
    asked = answering(here, stay=True)

    here.get_by_role("button", name="Save and continue editing").click()
    expect(here.get_by_role("list").filter(has_text="was changed successfully")).to_be_visible()
    expect(writing(here)).to_be_visible()
    preview(here).click()
    expect(here).to_have_url(re.compile("/preview/"))

    assert asked == []
    handout.refresh_from_db()
    assert "An hour of work." in handout.body


@pytest.mark.parametrize("how", ["reload", "back"])
def test_what_is_shown_afterwards_is_what_is_saved(here: Page, handout: Material, how: str) -> None:
    answering(here, stay=False)
    if how == "reload":
        here.reload()
    else:
        preview(here).click()
        expect(here).to_have_url(re.compile("/preview/"))
        here.go_back()
    expect(writing(here)).to_be_visible()
    here.wait_for_timeout(500)
    shown = writing(here).text_content() or ""

    here.get_by_label("Title").fill("Another title")
    here.get_by_role("button", name="Save", exact=True).click()
    expect(here.get_by_role("list").filter(has_text="was changed successfully")).to_be_visible()

    handout.refresh_from_db()
    assert handout.title == "Another title"
    assert ("An hour of work." in shown) == ("An hour of work." in handout.body)
    if how == "back":
        assert "An hour of work." in shown
