"""A Chromium: the system's, else the one that Playwright downloads.

`python -m tests.services.browser` says which one starts, or ends with 1.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# As root (in a container) Chromium cannot build its sandbox; and it must not call home in tests.
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(Exception):
    """No Chromium starts on this machine."""


def launch(playwright: Playwright) -> Browser:
    reasons = []
    for path in _candidates(playwright):
        try:
            return playwright.chromium.launch(executable_path=path, args=[*_ARGUMENTS])
        except Error as error:
            reasons.append(f"{path}: {error.message.splitlines()[0]}")
    raise NoBrowserError("; ".join(reasons) or "no Chromium found")


def _candidates(playwright: Playwright) -> list[str]:
    found = [path for name in _NAMES if (path := shutil.which(name))]
    downloaded = Path(playwright.chromium.executable_path)
    return [*found, str(downloaded)] if downloaded.exists() else found


def _say() -> int:
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except NoBrowserError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        sys.stdout.write(f"Chromium {browser.version}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(_say())
