"""Words in the editor that are not saved: nobody loses them unasked, and what is shown is saved."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from courses.models import Material
from tests.factories.courses import draft_edition
from tests.factories.scheduling import WordingFactory
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


@pytest.fixture
def words_of_a_mail(page: Page, sign_in: SignIn, transactional_db: None) -> Page:
    """New ones, with a sentence that is not saved."""
    sign_in(page, an_editor())
    page.goto(f"/admin/scheduling/wording/add/?from={WordingFactory().pk}")
    writing(page).click()
    page.keyboard.type("An hour of work. ")
    return page


def leave(page: Page) -> None:
    page.get_by_role("link", name="Home", exact=True).click(no_wait_after=True)
    page.wait_for_timeout(300)


def test_who_leaves_new_words_of_a_mail_is_asked(words_of_a_mail: Page) -> None:
    asked = answering(words_of_a_mail, stay=True)

    leave(words_of_a_mail)

    expect(writing(words_of_a_mail)).to_contain_text("An hour of work.")
    assert asked == ["beforeunload"]


def test_who_saw_the_mail_drawn_is_asked_all_the_same(words_of_a_mail: Page) -> None:
    """It opened in another window, and saved nothing."""
    with words_of_a_mail.context.expect_page():
        words_of_a_mail.get_by_role("button", name="See it drawn").click()
    asked = answering(words_of_a_mail, stay=True)

    leave(words_of_a_mail)

    assert asked == ["beforeunload"]


def test_words_of_a_mail_that_were_looked_at_are_not_saved_by_that(words_of_a_mail: Page) -> None:
    asked = answering(words_of_a_mail, stay=True)
    with words_of_a_mail.expect_navigation():  # and for its scripts, which are what asks
        words_of_a_mail.get_by_role("button", name="See the mail before it is saved").click()
    expect(words_of_a_mail.get_by_role("button", name="Look again")).to_be_visible()
    assert asked == []
    # A browser asks only where somebody touched the page.
    words_of_a_mail.get_by_label("Heading").click()

    leave(words_of_a_mail)

    assert asked == ["beforeunload"]
    words_of_a_mail.get_by_role("button", name="Save as version 2").click()
    expect(words_of_a_mail.get_by_text("is saved, and is used from now on.")).to_be_visible()
    assert asked == ["beforeunload"]


def test_who_wrote_nothing_in_the_words_of_a_mail_is_not_asked(
    page: Page, sign_in: SignIn, transactional_db: None
) -> None:
    sign_in(page, an_editor())
    page.goto(f"/admin/scheduling/wording/add/?from={WordingFactory().pk}")
    writing(page).click()
    asked = answering(page, stay=True)

    leave(page)

    expect(page).to_have_url(re.compile("/admin/$"))
    assert asked == []


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
