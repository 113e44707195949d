"""The Markdown of a wording, as HTML for mail programs and as plain text.

Parsed once per wording, with its {variables} still in place; values are filled in afterwards, so
that nothing in them is ever read as Markdown or HTML.
"""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scheduling import variables

WIDTH = 70
_SANS = "font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif"
_TEXT = f"{_SANS};font-size:18px;line-height:28px;color:#12332a"
# As in templates/mail/frame.html: the dark colours hang on the classes.
_LOOKS = {
    "paragraph_open": ("ink", f"margin:0 0 18px 0;{_TEXT}"),
    "bullet_list_open": ("ink", f"margin:0 0 18px 0;padding:0 0 0 24px;{_TEXT}"),
    "ordered_list_open": ("ink", f"margin:0 0 18px 0;padding:0 0 0 24px;{_TEXT}"),
    "link_open": ("link", "color:#17503f"),
}
_parser = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Parsed:
    html: str
    paragraphs: tuple[str, ...]

    def as_html(self, values: Mapping[str, str]) -> SafeString:
        escaped = {name: escape(value).replace("\n", "<br>") for name, value in values.items()}
        return mark_safe(variables.fill(self.html, escaped))

    def as_text(self, values: Mapping[str, str]) -> str:
        return "\n\n".join(wrapped(variables.fill(each, values)) for each in self.paragraphs)


@lru_cache(maxsize=256)
def parsed(source: str) -> Parsed:
    tokens = _parser.parse(source)
    paragraphs = tuple(_paragraphs(tokens))
    for token in tokens:
        _dress(token)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return Parsed(html=str(html), paragraphs=paragraphs)


def wrapped(paragraph: str) -> str:
    """Lines of no more than 70 characters; line breaks stay, and a link is never broken."""
    return "\n".join(
        textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in paragraph.split("\n")
    )


def _dress(token: Token) -> None:
    for each in [token, *(token.children or [])]:
        if each.type in _LOOKS:
            css_class, style = _LOOKS[each.type]
            each.attrSet("class", css_class)
            each.attrSet("style", style)


def _paragraphs(tokens: list[Token]) -> list[str]:
    found: list[str] = []
    in_item = 0
    for token in tokens:
        in_item += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "inline":
            text = _plain(token.children or [])
            found.append(f"- {text}" if in_item else text)
    return found


def _plain(children: list[Token]) -> str:
    """Words without their marks; a link's address stands behind its words."""
    out, address = "", ""
    for child in children:
        match child.type:
            case "text" | "code_inline":
                out += child.content
            case "softbreak":
                out += " "
            case "hardbreak":
                out += "\n"
            case "link_open":
                address = str(child.attrGet("href") or "")
            case "link_close":
                out += f": {address}"
    return out
