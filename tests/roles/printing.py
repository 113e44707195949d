"""The table of roles and pages in the output of the tests, put together from all workers."""

import json
from pathlib import Path
from typing import Any

RESULT = Path("test-results") / "roles.md"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    columns = dict(
        json.loads(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "role" and report.when == "call"
    )
    if columns:
        _print(terminalreporter, columns)


def _print(terminalreporter: Any, columns: dict[str, dict[str, str]]) -> None:
    # Read by the tests alone: needs Django, which is set up by now.
    from tests.roles import table
    from tests.roles.world import ROLES

    roles = [role for role in ROLES if role in columns]
    addresses = columns[roles[0]]
    found = {each: {role: columns[role][each] for role in roles} for each in addresses}
    terminalreporter.section("every role and every page")
    terminalreporter.write_line(table.written(found))
    if found != table.read() and len(roles) == len(ROLES):
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(table.written(found))
        terminalreporter.write_line(f"What was found stands in {RESULT}.", yellow=True)
