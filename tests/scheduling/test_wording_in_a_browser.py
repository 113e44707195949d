"""The look at new words, in a browser: what was looked for is what one sees."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from scheduling import services
from scheduling.models import Wording
from scheduling.wordings import default_words
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY, WordingFactory
from tests.monitoring.staff import with_second_step
from tests.services.browser_fixtures import NewPage

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = [(1280, 720), (360, 740)]
LOOK = "See the mail before it is saved"


@pytest.fixture(params=SCREENS, ids=str)
def editing(
    request: pytest.FixtureRequest, new_page: NewPage, sign_in: Callable[[Page, Any], None]
) -> Page:
    """New words are begun from version 1."""
    width, height = request.param
    page = new_page(viewport={"width": width, "height": height})
    sign_in(page, with_second_step(UserFactory(superuser=True)))
    page.goto(f"/admin/scheduling/wording/add/?from={WordingFactory().pk}")
    page.get_by_label("Heading").fill("Week {week}, in other words")
    return page


def expect_in_sight_and_focused(found: Locator) -> None:
    """Waits for it: a browser moves there (autofocus) when it next draws the page."""
    expect(found).to_be_focused()
    expect(found).to_be_in_viewport(ratio=1)


def look(editing: Page) -> None:
    """Waits until the page has moved to what was looked for: a press before that would go astray."""
    with editing.expect_navigation():
        editing.get_by_role("button", name=LOOK).click()
    heading = editing.get_by_role("heading", name="Saved, these words become version 2")
    expect_in_sight_and_focused(heading)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def fits_its_row(button: Locator) -> bool:
    return bool(
        button.evaluate(
            "each => each.type === 'hidden' || "
            "each.getBoundingClientRect().right <= each.parentNode.getBoundingClientRect().right"
        )
    )


def test_a_look_opens_at_what_the_words_would_be_used_for(editing: Page) -> None:
    look(editing)

    assert fits(editing)
    assert all(fits_its_row(each) for each in editing.locator(".submit-row input").all())


def test_an_examples_links_lead_nowhere(editing: Page) -> None:
    with editing.context.expect_page() as opened:
        editing.get_by_role("button", name="See it drawn").click()
    drawn = opened.value
    drawn.get_by_role("link", name="Open my session").click()
    expect(drawn).to_have_url(re.compile("/admin/scheduling/wording/specimen/#$"))
    drawn.get_by_role("heading", name="Week 2, in other words").wait_for()


def test_the_second_editor_sees_the_warning(editing: Page) -> None:
    look(editing)
    words = {**default_words("session"), "heading": "Theirs"}
    theirs = Wording(study=Wording.objects.get().study, kind="session", **words)
    services.write_wording(wording=theirs, version=2, now=MONDAY)
    editing.get_by_role("button", name="Save as version 2").click()

    warning = editing.get_by_text("Somebody else saved version 2 while you were writing.")
    expect_in_sight_and_focused(warning)


def test_a_double_click_saves_once_and_accuses_nobody(editing: Page) -> None:
    look(editing)
    editing.get_by_role("button", name="Save as version 2").dblclick()

    editing.get_by_text("version 2 is saved, and is used from now on.").wait_for()
    editing.wait_for_load_state()
    assert editing.get_by_text("Somebody else").count() == 0
    assert Wording.objects.filter(kind="session").count() == 2
