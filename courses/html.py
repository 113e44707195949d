"""HTML that authors may write: what a page needs to be read, and nothing that runs or styles."""

import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_BLOCKS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "pre", "br"}
_WORDS = {"a", "abbr", "b", "cite", "code", "em", "i", "q", "strong", "sub", "sup"}
_TABLES = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
_LISTS = {"dl", "dt", "dd"}
TAGS = _BLOCKS | _WORDS | _TABLES | _LISTS
ATTRIBUTES = {"a": {"href"}, "abbr": {"title"}, "th": {"scope"}, "ol": {"start"}}
_OFTEN = 20  # twice does for all but tangles
_SCHEMES = {"http", "https", "mailto", "tel"}
_REL = "noopener noreferrer"

# A link whose address was taken out: it would look like one that can be pressed.
_LEADS_NOWHERE = re.compile(rf'<a rel="{_REL}">(.*?)</a>', re.DOTALL)

# Raw HTML in Markdown comes out as the characters that were typed; straight quotes become curly.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable("smartquotes")


def sanitised(html: str) -> str:
    """`html` with every element, attribute and address taken out that is not on the list above.

    Cleaned again, it stays as it is: what is left of a tangle, such as a heading within a heading,
    would be read by a browser in another way than it is written.
    """
    for _time in range(_OFTEN):
        before, html = html, _cleaned(html)
        if html == before:
            break
    return html


def _cleaned(html: str) -> str:
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel=_REL,
    )
    return _LEADS_NOWHERE.sub(r"\1", clean)


def from_html(text: str) -> str:
    """HTML as an author wrote it, sanitised; for what Markdown has no mark for, such as a table."""
    return sanitised(text.replace("\r\n", "\n")).strip()


def from_markdown(text: str, *, shift: int = 0) -> str:
    """CommonMark as sanitised HTML. `shift` lowers each heading by that many levels, at most to h6.

    A first-level heading (after the shift) is lost to the sanitising and leaves its words: a page
    has its own.
    """
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + shift, 6)}"
    return sanitised(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})).strip()


@dataclass(frozen=True)
class Heading:
    """Its words without marks; its first line, and its last one, counted from 1."""

    words: str
    line: int
    end: int


def first_level_headings(text: str) -> list[Heading]:
    """Those of a text in CommonMark, which a page takes for its title or loses."""
    tokens = _MARKDOWN.parse(text)
    return [
        Heading(_words_in(tokens[number + 1]), token.map[0] + 1, token.map[1])
        for number, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h1" and token.map
    ]


def _words_in(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ()).strip()
