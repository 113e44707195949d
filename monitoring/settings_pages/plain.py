"""The text of a document as staff write it, and as it is stored: allowed HTML alone."""

import re
from html.parser import HTMLParser

from courses.html import from_markdown, sanitised

_TAG = re.compile(r"<[a-zA-Z/!]")
_BEFORE = {"h2": "## ", "h3": "### ", "h4": "#### ", "strong": "**", "em": "*", "a": "["}
_AFTER = {"p": "\n\n", "h2": "\n\n", "h3": "\n\n", "h4": "\n\n", "li": "\n", "ul": "\n", "ol": "\n"}
_AFTER |= {"strong": "**", "em": "*"}


def cleaned(body: str) -> str:
    """What is stored of a text as it was typed. One without a tag is plain words in Markdown."""
    if _TAG.search(body):
        return sanitised(body).strip()
    return from_markdown(body)


def as_typed(body: str) -> str:
    """Plain words that are stored as this very `body`; `body` itself where there are none."""
    reader = _Reader()
    reader.feed(body)
    words = "".join(reader.words).strip()
    return words if cleaned(words) == body else body


class _Reader(HTMLParser):
    """Of a few elements their Markdown. Of any other it finds less than there was, and whoever
    asked compares.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._lists: list[int] = []
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ul", "ol"}:
            self._lists.append(0 if tag == "ul" else 1)
        if tag == "a":
            self._href = dict(attrs).get("href") or ""
        self.words.append(self._item() if tag == "li" else _BEFORE.get(tag, ""))

    def _item(self) -> str:
        """A bullet, or the next number."""
        if not self._lists or not self._lists[-1]:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1] - 1}. "

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        self.words.append(f"]({self._href})" if tag == "a" else _AFTER.get(tag, ""))

    def handle_data(self, data: str) -> None:
        """Line breaks between blocks are none of the text's."""
        if data.strip() or "\n" not in data:
            self.words.append(data)
