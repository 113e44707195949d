"""What an editor does all day: a list, a paste, on a phone, at night; and what they are told then."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from playwright.sync_api import Locator, Page, expect

from courses.models import Material
from tests.factories.courses import draft_edition
from tests.factories.participants import UserFactory
from tests.journeys.test_editor import holds_to_the_rules
from tests.monitoring.staff import with_second_step
from tests.services.browser_fixtures import NewPage

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[Page, Any], None]
PASTE = """html => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  document.querySelector(".ck-content").dispatchEvent(new ClipboardEvent("paste", options));
}"""


@pytest.fixture
def editor(transactional_db: None) -> Any:
    user = with_second_step(UserFactory(staff=True))
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="courses"))
    return user


@pytest.fixture
def handout(transactional_db: None) -> Material:
    draft = draft_edition(weeks=1)
    material = Material.objects.get(module__edition=draft, key="handout")
    material.body = "<p>Before</p><ul><li>One</li><li>Two</li></ul>"
    material.save()
    return material


def address(material: Material) -> str:
    return f"/admin/courses/material/{material.pk}/change/"


def place_to_write(page: Page) -> Locator:
    place = page.locator(".ck-content")
    expect(place).to_be_visible()
    return place


def write_after(page: Page, words: str, more: str) -> None:
    place_to_write(page).get_by_text(words).click()
    page.keyboard.press("End")
    page.keyboard.type(more)


def save(page: Page, button: str = "Save") -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()


def test_a_point_is_added_to_a_list_and_nothing_is_said_to_have_gone(
    page: Page, sign_in: SignIn, editor: Any, handout: Material
) -> None:
    sign_in(page, editor)
    page.goto(address(handout))
    write_after(page, "Two", "\nThree")
    save(page)

    handout.refresh_from_db()
    assert handout.body == "<p>Before</p><ul><li>One</li><li>Two</li><li>Three</li></ul>"
    expect(page.locator(".messagelist li")).to_have_count(1)
    expect(page.locator(".messagelist .warning")).to_have_count(0)


def test_what_would_run_or_style_in_a_paste_becomes_no_text(
    page: Page, sign_in: SignIn, editor: Any, handout: Material
) -> None:
    sign_in(page, editor)
    page.goto(address(handout))
    write_after(page, "Before", " ")
    page.evaluate(PASTE, "<b>pasted</b><style>p{color:red}</style><script>alert(1)</script>")
    save(page)

    handout.refresh_from_db()
    assert handout.body.startswith("<p>Before <strong>pasted</strong></p><ul>")


def test_on_a_phone_one_sees_what_one_writes(
    new_page: NewPage, sign_in: SignIn, editor: Any, handout: Material
) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    sign_in(page, editor)
    page.goto(address(handout))

    box = place_to_write(page).bounding_box()

    assert box is not None
    assert box["height"] > 250


def test_a_list_has_the_letters_of_a_paragraph(
    page: Page, sign_in: SignIn, editor: Any, handout: Material
) -> None:
    sign_in(page, editor)
    page.goto(address(handout))
    written = place_to_write(page)

    fonts = [
        written.get_by_text(words).evaluate("each => getComputedStyle(each).fontFamily")
        for words in ("Before", "Two")
    ]

    assert fonts[0] == fonts[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_has_the_colours_of_its_page(
    new_page: NewPage, sign_in: SignIn, editor: Any, handout: Material, scheme: str
) -> None:
    page = new_page(color_scheme=scheme)
    sign_in(page, editor)
    page.goto(address(handout))

    written = place_to_write(page)

    def colours(place: Locator) -> list[str]:
        look = "each => [getComputedStyle(each).backgroundColor, getComputedStyle(each).color]"
        found: list[str] = place.evaluate(look)
        return found

    assert colours(written) == colours(page.locator("body"))
    assert colours(page.locator(".ck-toolbar"))[0] == colours(written)[0]
    written.click()
    page.get_by_role("button", name="Paragraph").click()
    holds_to_the_rules(page)


def test_the_preview_opens_at_its_head_and_its_frames_at_the_material(
    page: Page, sign_in: SignIn, editor: Any, handout: Material
) -> None:
    sign_in(page, editor)
    page.goto(address(handout))
    write_after(page, "Before", "!")
    save(page, "Save, and see it as people do")

    phone = page.frame_locator("iframe[title='The page on a phone']")
    expect(phone.locator("#read")).to_be_in_viewport()
    expect(phone.locator("h1")).not_to_be_in_viewport()
    expect(page.locator(".messagelist")).to_be_in_viewport()
    assert page.evaluate("window.scrollY") == 0
