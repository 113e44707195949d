"""How most people use a page: they point at what they see, or tap it."""

from playwright.sync_api import Locator


def press(target: Locator) -> None:
    """A button or a link."""
    target.click()


def tick(target: Locator) -> None:
    target.check()


def write(target: Locator, words: str) -> None:
    target.fill(words)


def pick(target: Locator, value: str) -> None:
    """One option of a select."""
    target.select_option(value)
