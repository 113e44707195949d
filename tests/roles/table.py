"""docs/roles.md: which page answers whom how. Read, and written."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponse, HttpResponseBase
from django.urls import resolve

from tests.roles.addresses import all_addresses, rows_of

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "roles.md"
# Address to role to what is answered.
Table = Mapping[str, Mapping[str, str]]


def shown(pattern: str) -> str:
    """An address as a person reads it: /week/<week>/."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern).strip("$").replace("^", "")
    return "/" + re.sub(r"<\w+:(\w+)>", r"<\1>", plain)


def said(get: HttpResponseBase, post: HttpResponseBase) -> str:
    """One word where both are answered alike."""
    words = (_said(get), _said(post))
    return words[0] if words[0] == words[1] else f"{words[0]}, {words[1]}"


def _said(response: HttpResponseBase) -> str:
    if response.status_code in {301, 302, 303, 307, 308}:
        asked: str = response.request["PATH_INFO"]
        return _led_to(urlsplit(urljoin(asked, response["Location"])).path)
    if response.status_code == 403 and isinstance(response, HttpResponse):
        return "code" if b"This page asks for a code" in response.content else "403"
    return str(response.status_code)


def _led_to(path: str) -> str:
    if path == "/accounts/login/":
        return "sign in"
    if path == "/admin/login/":
        return "admin’s sign in"
    if path.startswith(("/accounts/reauthenticate/", "/accounts/2fa/reauth")):
        return "sign in again"
    if path.startswith("/static/"):
        return "→ a file"
    return f"→ {_short(resolve(path).view_name)}"


def _short(name: str) -> str:
    return re.sub(r"^(portal|monitoring|admin):", "", name)


def read() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    roles: list[str] = []
    for line in DOCUMENT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| address"):
            roles = cells[1:]
        elif line.startswith("| `"):
            found[cells[0].strip("`")] = dict(zip(roles, cells[1:], strict=True))
    return found


def written(table: Table) -> str:
    """The document's tables: one for each kind of page, in the order of the addresses."""
    parts: dict[str, list[str]] = {}
    for address in sorted(table, key=_order):
        parts.setdefault(_part(address), []).append(address)
    return "\n".join(_table(part, addresses, table) for part, addresses in parts.items())


def _order(address: str) -> tuple[int, str]:
    return [*_PARTS.values()].index(_part(address)), address


_PARTS = {
    "/staff/": "For researchers",
    "/admin/": "For editors",
    "/accounts/": "Signing in",
    "/healthz": "For machines",
    "/hooks/": "For machines",
    "/": "For participants",
}


def _part(address: str) -> str:
    return next(part for start, part in _PARTS.items() if address.startswith(start))


def _table(part: str, addresses: list[str], table: Table) -> str:
    roles = list(table[addresses[0]])
    rows = [
        ["address", *roles],
        *[[f"`{each}`", *table[each].values()] for each in addresses],
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join([f"## {part}", "", *lines, ""])


def _line(row: list[str], widths: list[int]) -> str:
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
    return "| " + " | ".join(cells) + " |"


def addresses() -> set[str]:
    """As the document has them."""
    return {shown(row) for pattern in all_addresses().values() for row in rows_of(pattern)}
