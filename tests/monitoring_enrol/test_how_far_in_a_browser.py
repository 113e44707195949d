"""A long list as a browser waits for it: the bar, what is said of it, and every way it can end."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from monitoring.enrol import progress
from monitoring.models import StaffAction
from participants.models import Enrolment, User
from studies.models import Study
from tests.monitoring_enrol.browsing import choose, file, is_within
from tests.monitoring_enrol.held import Held, wait_for_the_end
from tests.monitoring_enrol.written import ELSEWHERE, agreed, csv

pytestmark = pytest.mark.django_db(transaction=True)

Axe = Callable[[Page], None]
SignIn = Callable[[Page, Any], None]
CSV = "/staff/calm/enrol/csv/"
PEOPLE = [f"p{number}@example.org" for number in range(3000)]

# What the bar and the words for those who do not see it were, kept for the page that follows.
WATCHING = """
document.addEventListener("DOMContentLoaded", () => {
  const keep = (name, seen) => {
    const all = JSON.parse(sessionStorage.getItem(name) ?? "[]");
    sessionStorage.setItem(name, JSON.stringify([...all, seen]));
  };
  const bar = document.querySelector("#how-far progress");
  const said = document.querySelector("#how-far-said");
  if (!bar) return;
  new MutationObserver(() => keep("bar", [bar.position, bar.max])).observe(bar, {attributes: true});
  new MutationObserver(() => keep("said", said.textContent)).observe(said, {childList: true});
});
"""


def seen(page: Page, name: str) -> list[Any]:
    return page.evaluate(f'JSON.parse(sessionStorage.getItem("{name}") ?? "[]")')


def button(page: Page, people: int) -> Locator:
    return page.get_by_role("button", name=f"Invite {people} people")


@pytest.fixture
def every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0)


def test_bar_moves_and_the_page_goes_on_to_the_one_that_comes_without_it(
    page: Page, sign_in: SignIn, me: User, tmp_path: Path, every_line: None
) -> None:
    page.add_init_script(WATCHING)
    sign_in(page, me)
    choose(page, file(tmp_path, csv(*PEOPLE)))
    button(page, 3000).click()
    expect(page.get_by_role("main")).to_contain_text("3000 people are invited.", timeout=30_000)
    assert page.url.endswith("/staff/calm/enrol/")
    assert (Enrolment.objects.invited().count(), StaffAction.objects.count()) == (3000, 1)

    far = [position for position, of in seen(page, "bar") if of == 3000]
    assert {-1, 0.5, 1} <= set(far)
    assert len(set(far)) > 4
    told = seen(page, "said")
    assert told[0] == "Looking at each line once more: 1,000 of 3,000"
    assert told[-1] == "Inviting them: 3,000 of 3,000"
    assert len(told) == len(set(told)) < 20


@pytest.mark.parametrize("screen", ["page", "phone_page", "dark_page"])
def test_while_it_is_saved_the_page_says_how_far_it_is_and_asks_to_stay(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    axe: Axe,
    me: User,
    held: Held,
    tmp_path: Path,
    every_line: None,
    screen: str,
) -> None:
    page: Page = request.getfixturevalue(screen)
    sign_in(page, me)
    choose(page, file(tmp_path, csv(*PEOPLE)))
    button(page, 3000).click()
    place = page.get_by_role("group", name="Inviting them")
    expect(place).to_contain_text("500 of 3,000")
    expect(place).to_contain_text("Please keep this page open")
    expect(place).to_be_focused()
    expect(page.get_by_role("progressbar", name="Inviting them")).to_have_js_property("value", 500)
    expect(page.locator("#how-far-said")).to_have_text("Inviting them: 500 of 3,000")
    expect(button(page, 3000)).to_be_hidden()
    axe(page)
    assert is_within(page)

    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Choose another file").click()
    expect(place).to_contain_text("500 of 3,000")
    assert asked == ["beforeunload"]
    held.may_go_on.set()
    expect(page.get_by_role("main")).to_contain_text("3000 people are invited.", timeout=30_000)
    assert asked == ["beforeunload"]


def test_page_that_is_left_all_the_same_goes_where_it_was_sent_and_all_is_saved(
    page: Page, sign_in: SignIn, me: User, held: Held, tmp_path: Path, every_line: None
) -> None:
    sign_in(page, me)
    choose(page, file(tmp_path, csv(*PEOPLE[:20])))
    button(page, 20).click()
    expect(page.locator("#how-far")).to_contain_text("10 of 20")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Choose another file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Upload a list")
    held.may_go_on.set()
    wait_for_the_end()
    assert Enrolment.objects.invited().count() == 20


def test_what_is_wrong_meanwhile_is_said_by_the_page(
    page: Page, sign_in: SignIn, me: User, tmp_path: Path
) -> None:
    sign_in(page, me)
    choose(page, file(tmp_path, csv(*PEOPLE[:20])))
    expect(button(page, 20)).to_be_visible()
    Study.objects.update(state="closed")
    button(page, 20).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody can be invited yet")
    expect(page.get_by_role("main")).to_contain_text("Something has changed")
    assert not Enrolment.objects.exists()


def test_fault_meanwhile_ends_as_it_does_without_the_script(
    page: Page, sign_in: SignIn, me: User, held: Held, tmp_path: Path
) -> None:
    held.ending = RuntimeError("odd")
    held.may_go_on.set()
    sign_in(page, me)
    choose(page, file(tmp_path, csv(*PEOPLE[:20])))
    button(page, 20).click()
    expect(page.get_by_role("main")).to_contain_text("20 people are invited.")
    assert (Enrolment.objects.count(), StaffAction.objects.count()) == (20, 1)


@pytest.mark.parametrize("ends", ["cut off", "garbled", "of an older server"])
def test_lines_that_break_off_end_in_the_page_too(
    page: Page, sign_in: SignIn, me: User, tmp_path: Path, ends: str
) -> None:
    def break_off(route: Route) -> None:
        if route.request.headers["accept"] != progress.TYPE:
            route.continue_()
        elif ends == "cut off":
            route.abort()
        elif ends == "garbled":
            route.fulfill(content_type=progress.TYPE, body='{"doing":\n')
        else:
            route.fulfill(content_type="text/html", body="<p>Something else")

    sign_in(page, me)
    choose(page, file(tmp_path, csv(*PEOPLE[:20])))
    page.route(f"**{CSV}", break_off)
    button(page, 20).click()
    expect(page.get_by_role("main")).to_contain_text("20 people are invited.")
    assert (Enrolment.objects.count(), StaffAction.objects.count()) == (20, 1)


def test_who_was_signed_out_meanwhile_is_asked_to_sign_in(
    page: Page, sign_in: SignIn, me: User, tmp_path: Path
) -> None:
    sign_in(page, me)
    choose(page, file(tmp_path, csv(*PEOPLE[:20])))
    expect(button(page, 20)).to_be_visible()
    page.context.clear_cookies(name="sessionid")
    button(page, 20).click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert not Enrolment.objects.exists()


def test_box_that_is_not_ticked_is_asked_for_at_once(
    page: Page, sign_in: SignIn, me: User, tmp_path: Path
) -> None:
    asked: list[str] = []
    sign_in(page, me)
    choose(page, file(tmp_path, csv(agreed("ann@example.org"), header=ELSEWHERE)))
    page.on("request", lambda each: asked.append(each.headers.get("accept", "")))
    page.get_by_role("button", name="Enrol 1 person").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick this if it is so.")
    assert progress.TYPE not in asked


# --- choosing the file


def nothing_comes(route: Route) -> None:
    """The page stays as it is, as while a file is on its way."""
    route.fulfill(status=204)


@pytest.mark.parametrize("screen", ["page", "phone_page", "dark_page"])
def test_file_is_said_to_be_read_and_its_button_pressed_once(
    request: pytest.FixtureRequest,
    sign_in: SignIn,
    axe: Axe,
    me: User,
    tmp_path: Path,
    screen: str,
) -> None:
    page: Page = request.getfixturevalue(screen)
    sent: list[str] = []
    sign_in(page, me)
    page.goto(CSV)
    expect(page.get_by_role("progressbar")).to_be_hidden()
    page.route(f"**{CSV}", nothing_comes)
    page.on("request", lambda each: sent.append(each.method))
    page.get_by_label("CSV file").set_input_files(file(tmp_path, csv("ann@example.org")))
    look = page.get_by_role("button", name="Look at the list")
    look.dblclick(no_wait_after=True)
    expect(look).to_be_disabled()
    name = "Reading the file and looking at each line…"
    expect(page.get_by_role("progressbar", name=name)).to_be_visible()
    expect(page.locator("#on-its-way-said")).to_have_text(name)
    axe(page)
    assert is_within(page)
    assert sent == ["POST"]


def test_another_file_can_be_chosen_where_the_first_did_not_arrive(
    page: Page, sign_in: SignIn, me: User, tmp_path: Path
) -> None:
    sign_in(page, me)
    page.goto(CSV)
    page.route(f"**{CSV}", nothing_comes)
    chosen = page.get_by_label("CSV file")
    chosen.set_input_files(file(tmp_path, csv("ann@example.org")))
    look = page.get_by_role("button", name="Look at the list")
    look.click(no_wait_after=True)
    expect(look).to_be_disabled()
    chosen.set_input_files(file(tmp_path, csv("ann@example.org"), "others.csv"))
    expect(look).to_be_enabled()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    look.click(no_wait_after=True)
    expect(look).to_be_disabled()
    with page.expect_file_chooser():
        chosen.click()
    expect(look).to_be_enabled()


def test_button_can_be_pressed_again_after_going_back(
    page: Page, sign_in: SignIn, me: User, tmp_path: Path
) -> None:
    sign_in(page, me)
    choose(page, file(tmp_path, csv("ann")))
    expect(page.get_by_role("heading", level=1)).to_have_text("Nobody can be invited yet")
    page.go_back()
    expect(page.get_by_role("button", name="Look at the list")).to_be_enabled()
