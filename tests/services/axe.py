"""Accessibility rules, run on a page in the browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# WCAG 2.2 AA, and the habits that axe's authors advise beyond it.
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def assert_accessible(page: Page) -> None:
    """Fails with each broken rule, where on the page it is broken and how to mend it."""
    page.wait_for_load_state()  # how large a thing is, its style sheet says
    options = {
        "resultTypes": ["violations"],
        "runOnly": {"type": "tag", "values": [*_RULES]},
    }
    violations = Axe().run(page, options=options).response["violations"]
    assert violations == [], "\n".join([f"{page.url}:", *map(_report, violations)])


def _report(violation: dict) -> str:
    places = "\n".join(
        f"    at {' '.join(map(str, node['target']))}: {node['html']}\n"
        f"       {node.get('failureSummary', '').replace(chr(10), chr(10) + '       ')}"
        for node in violation["nodes"]
    )
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{places}"
