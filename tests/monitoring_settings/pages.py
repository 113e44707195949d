"""A page's form as a browser would send it, and its words."""

import html
import re
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

Fields = dict[str, list[str]]


class _Form(HTMLParser):
    """The fields of the last form inside <main>, in their order, as they would be sent unchanged."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: Fields = {}
        self._area: str | None = None
        self._select: str | None = None
        self._in_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "main":
            self._in_main = True
        if not self._in_main:
            return
        if tag == "form":
            self.fields = {}
        if tag == "textarea":
            self._area = given["name"]
            self._put(self._area, "")
        if tag == "select":
            self._select = given["name"]
        if tag == "option" and "selected" in given and self._select:
            self._put(self._select, given.get("value") or "")
        if tag == "input" and given.get("name"):
            self._input(given)

    def _input(self, given: dict[str, str | None]) -> None:
        is_box = given.get("type") in {"radio", "checkbox"}
        if not is_box or "checked" in given:
            self._put(given["name"], given.get("value", "on" if is_box else "") or "")

    def _put(self, name: str | None, value: str) -> None:
        self.fields.setdefault(str(name), []).append(value)

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # As HTML has it, a line break right after the tag is none of the text's.
            self.fields[self._area][-1] = self.fields[self._area][-1].removeprefix("\n")
            self._area = None
        if tag == "select":
            self._select = None


def fields_of(response: Any) -> Fields:
    parser = _Form()
    parser.feed(response.content.decode())
    parser.fields.pop("csrfmiddlewaretoken", None)
    return parser.fields


def send(client: Client, address: str, page: Any = None, **changes: Any) -> Any:
    """What the page shows (`page`, or as it is now), with `changes`; None takes a field out."""
    fields = fields_of(client.get(address) if page is None else page)
    for name, value in changes.items():
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value if isinstance(value, list) else [value]
    return client.post(address, fields)


def row(number: int, **fields: Any) -> dict[str, Any]:
    """The fields of one row by their names in the page."""
    return {f"row-{number}-{name}": value for name, value in fields.items()}


def queries_of(client: Client, address: str) -> int:
    """How often the page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def text_of(response: Any) -> str:
    """The words of the main part, without tags and runs of spaces."""
    body = response.content.decode().split("<main", 1)[-1].split("</main>", 1)[0]
    body = body.split(">", 1)[-1]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]
