"""More words than are taken at once: they stay where they were written, and a page says why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from courses.models import Material
from tests.courses_admin.conftest import an_editor
from tests.courses_admin.pages import address, opened
from tests.factories.courses import draft_edition
from tests.journeys.test_editor import an_editor as editor_in_a_browser
from tests.journeys.test_editor import writing

SignIn = Callable[[Page, Any], None]
SAVE = "Save and continue editing"


@pytest.fixture
def handout(transactional_db: None) -> Material:
    return draft_edition(weeks=1).modules.get().materials.get(key="handout")


def words(bytes_: int) -> str:
    return f"<p>{'x' * (bytes_ - len('<p></p>'))}</p>"


@pytest.mark.parametrize("who", ["editor", "stranger"])
def test_a_page_says_that_it_was_too_much_and_what_to_do(handout: Material, who: str) -> None:
    client = an_editor() if who == "editor" else Client()
    sent = {"body": words(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)}

    page = client.post(address(handout), sent)

    said = page.content.decode()
    assert page.status_code == 413
    assert "<h1>That was too much to save at once</h1>" in said
    assert "Nothing was saved. Go back with the button of your browser" in said
    assert "can have 2.5\xa0MB together" in said


def test_what_is_just_not_too_much_is_saved(handout: Material) -> None:
    editor = an_editor()
    body = words(settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 10_000)

    assert (
        editor.post(address(handout), {**opened(editor, handout), "body": body}).status_code == 302
    )

    handout.refresh_from_db()
    assert handout.body == body


def test_a_request_that_cannot_be_read_is_said_to_be_one(client: Client, db: None) -> None:
    page = client.get("/", headers={"host": "elsewhere.example"})

    assert (page.status_code, "could not read that request" in page.content.decode()) == (400, True)


def test_in_a_browser_nothing_is_sent_and_every_word_stays(
    page: Page, sign_in: SignIn, handout: Material
) -> None:
    sign_in(page, editor_in_a_browser())
    page.goto(f"/admin/courses/material/{handout.pk}/change/")
    writing(page).click()
    page.keyboard.type("An hour of work. ")
    summary = page.get_by_label("Summary")
    summary.evaluate("(field, many) => { field.value = 'x'.repeat(many); }", 2_700_000)

    page.get_by_role("button", name=SAVE).click()

    told = page.get_by_role("alert").filter(has_text="This was not sent")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Nothing of yours is lost, it is all here.")
    expect(writing(page)).to_contain_text("An hour of work.")
    summary.fill("")
    with page.expect_navigation():
        page.get_by_role("button", name=SAVE).click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    handout.refresh_from_db()
    assert "An hour of work." in handout.body


def test_on_a_page_without_files_it_is_counted_as_it_is_sent(
    page: Page, sign_in: SignIn, handout: Material
) -> None:
    """Such a form writes a < as three characters."""
    sign_in(page, editor_in_a_browser())
    page.goto(f"/admin/courses/module/{handout.module_id}/change/")
    page.get_by_label("Aim").evaluate("field => { field.value = '<'.repeat(900_000); }")

    page.get_by_role("button", name=SAVE).click()

    expect(page.get_by_role("alert").filter(has_text="This was not sent")).to_be_focused()


def test_the_button_that_is_pressed_is_counted_too(
    page: Page, sign_in: SignIn, handout: Material
) -> None:
    sign_in(page, editor_in_a_browser())
    page.goto(f"/admin/courses/module/{handout.module_id}/change/")
    page.get_by_label("Aim").evaluate(
        """(field, most) => {
          field.value = "";
          const others = new URLSearchParams(new FormData(field.form)).toString().length;
          field.value = "x".repeat(most - others);
        }""",
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    )

    page.get_by_role("button", name=SAVE).click()

    expect(page.get_by_role("alert").filter(has_text="This was not sent")).to_be_focused()
