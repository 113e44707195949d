"""Takes the README's pictures from a demonstration that `make run` has started.

.venv/bin/python docs/pictures/take.py [http://localhost:8000]
"""  # noqa: INP001 - a script beside its pictures, not a package

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
MAIL = FOLDER.parent.parent / "var" / "mail"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


def main(site: str = "http://localhost:8000") -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        participant = signed_in(browser, site, "participant@demo.example", PHONE)
        take(participant, f"{site}/home/", "home-phone")
        take(participant, f"{site}/week/1/#watch", "week-phone")
        take(participant, f"{site}/mail/{newest_session_mail()}/page/", "mail-phone")
        researcher = signed_in(browser, site, "researcher@demo.example", DESKTOP)
        take(researcher, f"{site}/staff/demo/", "staff")
        browser.close()


def signed_in(browser: Browser, site: str, address: str, size: dict[str, int]) -> Page:
    page = browser.new_context(viewport=size, color_scheme="light").new_page()
    page.goto(f"{site}/accounts/login/")
    page.fill("input[type=email]", address)
    page.click("main button[type=submit]")
    page.wait_for_selector("input[name=code]")
    page.fill("input[name=code]", newest_code(address))
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    if page.locator("input[name=code]").is_visible():
        page.fill("input[name=code]", second_code(page, site, address))
        page.click("main button[type=submit]")
        page.wait_for_load_state()
    return page


def second_code(page: Page, site: str, address: str) -> str:
    """As the demonstration shows it above its mailbox."""
    mailbox = page.context.new_page()
    mailbox.goto(f"{site}/mail/")
    shown = mailbox.locator("main").inner_text()
    mailbox.close()
    code = re.search(rf"(\d{{6}})\s+{re.escape(address)}", shown)
    if code is None:
        sys.exit(f"There is no second code for {address} at {site}/mail/.")
    return code[1]


def newest_code(address: str) -> str:
    for path in sorted(MAIL.glob("*.eml"), reverse=True):
        mail = path.read_text(encoding="utf-8", errors="replace")
        code = re.search(r"^([A-Z0-9]{4}-?[A-Z0-9]{4}|[A-Z0-9-]{6,9})\s*$", mail, re.MULTILINE)
        if address in mail and code:
            return code[1]
    sys.exit(f"There is no sign-in code for {address} in {MAIL}.")


def newest_session_mail() -> str:
    for path in sorted(MAIL.glob("*.eml"), reverse=True):
        mail = path.read_text(encoding="utf-8", errors="replace")
        if "participant@demo.example" in mail and re.search(
            r"^Subject: .*session$", mail, re.MULTILINE
        ):
            return path.stem
    sys.exit(f"There is no session mail in {MAIL}.")


def take(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)  # until the player has done with its wheel
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
