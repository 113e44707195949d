"""How people use a page who have a keyboard and nothing else: the same deeds as in `mouse`.

Each thing is reached by Tab, from wherever the person is, and where they are can always be seen.
"""

from playwright.sync_api import Locator, Page, expect

_LONGEST_WAY = 120

_IS_HERE = "element => element === document.activeElement"
_IS_IN_ITS_GROUP = """element => element.type === "radio"
    && document.activeElement.type === "radio"
    && document.activeElement.name === element.name"""
# What has the focus has a ring of two pixels or more, or the label that holds it has; and is on the
# screen. Inside a player the browser draws its own ring, round its own buttons.
_UNSEEN = """() => {
    const here = document.activeElement;
    const inPlayer = here.matches("video, audio") && !here.matches(":focus-visible");
    const ringed = [here, here.closest("label")].filter(Boolean).some((one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = here.getBoundingClientRect();
    const onScreen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return (ringed || inPlayer) && onScreen ? "" : here.outerHTML;
}"""


def reach(target: Locator) -> None:
    """Tab until the target has the focus; each stop on the way can be seen."""
    if target.evaluate(_IS_HERE):
        return
    for _ in range(_LONGEST_WAY):
        target.page.keyboard.press("Tab")
        if target.page.evaluate("document.activeElement === document.body"):
            continue  # round the end of the page, through the browser's own parts
        _see_where_one_is(target.page)
        if target.evaluate(f"element => ({_IS_HERE})(element) || ({_IS_IN_ITS_GROUP})(element)"):
            return
    raise AssertionError(f"Tab does not lead to {target}.")


def press(target: Locator) -> None:
    reach(target)
    target.page.keyboard.press("Enter")


def tick(target: Locator) -> None:
    """A box by Space; one of several radio buttons by the arrows, which choose as they move."""
    reach(target)
    keyboard = target.page.keyboard
    for _ in range(_LONGEST_WAY):
        if target.evaluate(_IS_HERE):
            break
        keyboard.press("ArrowDown")
    if not target.is_checked():
        keyboard.press("Space")
    assert target.is_checked()


def write(target: Locator, words: str) -> None:
    reach(target)
    target.page.keyboard.type(words)


def pick(target: Locator, value: str) -> None:
    reach(target)
    target.page.keyboard.press("Home")
    for _ in range(_LONGEST_WAY):
        if target.input_value() == value:
            return
        target.page.keyboard.press("ArrowDown")
    raise AssertionError(f"The arrows do not lead to {value}.")


def skip_to_main(page: Page) -> None:
    """The first stop on every page leads past the masthead."""
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    _see_where_one_is(page)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def _see_where_one_is(page: Page) -> None:
    unseen = page.evaluate(_UNSEEN)
    assert not unseen, f"has the focus, and it does not show: {unseen}"
