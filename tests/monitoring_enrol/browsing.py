"""What a browser does at the pages Enrol."""

from pathlib import Path

from playwright.sync_api import Page


def file(folder: Path, content: bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def is_within(page: Page) -> bool:
    """Nothing makes the page wider than the window; tables scroll in their own box."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def choose(page: Page, path: Path) -> None:
    page.goto("/staff/calm/enrol/")
    page.get_by_role("link", name="Upload a list").click()
    page.get_by_label("CSV file").set_input_files(path)
    # What is pressed before a page's scripts are there goes the plain way: it is waited for them.
    with page.expect_navigation():
        page.get_by_role("button", name="Look at the list").click()
