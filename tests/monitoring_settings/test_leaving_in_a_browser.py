"""A page of settings is not left with words that nobody saved, unless whoever wrote them says so."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page

from studies.models import Document, Study
from studies.services import new_version
from tests.factories.participants import UserFactory
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import with_second_step

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]
SETTINGS = "/staff/calm/settings/"
DRAFT = f"{SETTINGS}documents/consent/draft/"
WORDS = "Words of an afternoon."


@pytest.fixture
def here(page: Page, transactional_db: None, sign_in: SignIn) -> Page:
    """Signed in to a study with a draft of its consent form."""
    study = StudyFactory(slug="calm", public_name="A calm study")
    consent = Document.objects.in_force(study, Document.Kind.CONSENT)
    assert consent is not None
    new_version(document=consent)
    sign_in(page, with_second_step(UserFactory(researcher_of=study, researcher_of__manages=True)))
    return page


def leave(page: Page, *, staying: bool) -> list[str]:
    """By the link to the overview. What was asked on the way."""
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if staying:
            dialog.dismiss()
        else:
            dialog.accept()

    page.on("dialog", answer)
    page.get_by_role("link", name="Overview").click(no_wait_after=True)
    if staying:
        page.wait_for_timeout(300)
    else:
        page.wait_for_url("**/staff/calm/")
    page.remove_listener("dialog", answer)
    return asked


@pytest.mark.parametrize(
    ("address", "label"),
    [
        (DRAFT, "Text"),
        (DRAFT, "Why, if you like to say"),
        (f"{SETTINGS}names/", "Public name"),
        (f"{SETTINGS}eligibility/", "Question, to be answered with yes or no"),
    ],
)
def test_words_that_are_not_saved_are_kept_unless_they_are_given_up(
    here: Page, address: str, label: str
) -> None:
    here.goto(address)
    here.get_by_label(label).first.fill(WORDS)
    assert leave(here, staying=True) == ["beforeunload"]
    assert here.get_by_label(label).first.input_value() == WORDS
    assert leave(here, staying=False) == ["beforeunload"]


def test_nobody_is_asked_who_wrote_nothing_or_took_it_back(here: Page) -> None:
    here.goto(f"{SETTINGS}names/")
    assert leave(here, staying=False) == []
    here.goto(f"{SETTINGS}names/")
    name = here.get_by_label("Public name")
    name.fill(WORDS)
    name.fill("A calm study")
    assert leave(here, staying=False) == []


def test_saving_asks_nothing(here: Page) -> None:
    here.goto(DRAFT)
    here.get_by_label("Text").fill(WORDS)
    here.get_by_role("button", name="Save", exact=True).click()
    assert here.get_by_text("The draft is saved.").is_visible()
    assert Document.objects.drafts().get().body == f"<p>{WORDS}</p>"
    assert leave(here, staying=False) == []


@pytest.mark.parametrize(
    ("address", "label", "words", "button"),
    [
        (DRAFT, "Text", WORDS, "See how the text looks"),
        (DRAFT, "Text", WORDS, "Add a statement"),
        (DRAFT, "Title", "", "Save"),
        (f"{SETTINGS}names/", "Public name", "", "Save"),
    ],
)
def test_what_was_looked_at_or_refused_is_asked_about_as_well(
    here: Page, address: str, label: str, words: str, button: str
) -> None:
    here.goto(address)
    here.get_by_label(label, exact=True).fill(words)
    with here.expect_navigation():  # and for its scripts, which are what asks
        here.get_by_role("button", name=button, exact=True).click()
    here.locator("main").click()
    assert leave(here, staying=False) == ["beforeunload"]
    assert Study.objects.get().public_name == "A calm study"
