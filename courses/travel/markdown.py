"""HTML of a text as Markdown, where Markdown can say it."""

import re
from collections.abc import Callable

from courses.html import from_markdown
from courses.html_tree import LISTS, Element, Node, canonical, is_block, parsed

# What Markdown, or the curling of quotes, would take for a mark wherever it stands.
_MARKS = re.compile(r"([\\`*_\[\]<>\"'&])")
_AT_START = re.compile(r"(?m)^(?:([#+=~|-])|(\d+)([.)]))")
_NO_ASCII_WHITE = re.compile(r"[^\S ]")  # a reader strips it from the ends of a line
_PLAIN_ADDRESS = re.compile(r"[\w:/.?=%#@,;~+-]+", re.ASCII)
_IN_ADDRESS = re.compile(r"([\\<>&])")
_ESCAPED = r"\\\1"


def to_markdown(html: str) -> str | None:
    """CommonMark that `from_markdown` reads as the same text; None where there is none.

    There is none for what Markdown has no mark for, such as a table or H₂O's lower 2.
    """
    try:
        text = _blocks(parsed(html).children)
    except _Unsayable:
        return None
    return text if canonical(from_markdown(text)) == canonical(html) else None


class _Unsayable(Exception):
    """Markdown has no mark for it."""


def as_text(words: str) -> str:
    """Words as Markdown that shows them as they are."""
    escaped = _MARKS.sub(_ESCAPED, words)
    escaped = _NO_ASCII_WHITE.sub(lambda found: f"&#{ord(found[0])};", escaped)
    return _AT_START.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped
    )


def _blocks(nodes: list[Node], *, between: str = "\n\n") -> str:
    return between.join(_block(node) for node in nodes)


def _block(node: Node) -> str:
    if isinstance(node, str) or node.tag not in _WRITERS:
        raise _Unsayable
    return _WRITERS[node.tag](node)


def _heading(element: Element) -> str:
    return f"{'#' * int(element.tag[1])} {_line(element.children)}"


def _quote(element: Element) -> str:
    return _indented(_blocks(element.children), "> ", "> ").replace("> \n", ">\n")


def _list(element: Element) -> str:
    start = element.attributes.get("start", "1")
    if not start.isdecimal():
        raise _Unsayable
    items = [
        _item(child, "- " if element.tag == "ul" else f"{number}. ")
        for number, child in enumerate(element.children, int(start))
    ]
    is_loose = any(_holds_paragraph(child) for child in element.children)
    return ("\n\n" if is_loose else "\n").join(items)


def _holds_paragraph(item: Node) -> bool:
    return isinstance(item, Element) and any(
        isinstance(child, Element) and child.tag == "p" for child in item.children
    )


def _item(node: Node, mark: str) -> str:
    """Its own line of words first, if it has one, then the blocks below it."""
    if not isinstance(node, Element):
        raise _Unsayable
    first = next((n for n, child in enumerate(node.children) if is_block(child)), None)
    words, below = node.children[:first], node.children[first:] if first is not None else []
    parts = [_line(words)] if words else []
    between = "\n" if words and all(_is_list(child) for child in below) else "\n\n"
    text = between.join([*parts, *(_block(child) for child in below)])
    return _indented(text, mark, " " * len(mark))


def _is_list(node: Node) -> bool:
    return isinstance(node, Element) and node.tag in LISTS


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    below = [rest + line if line or rest.strip() else "" for line in lines[1:]]
    return "\n".join([first + lines[0], *below])


def _preformatted(element: Element) -> str:
    if len(element.children) != 1 or not isinstance(element.children[0], Element):
        raise _Unsayable
    text = _only_words(element.children[0])
    return f"{_fence(text, 3)}\n{text.removesuffix(chr(10))}\n{_fence(text, 3)}"


def _only_words(element: Element) -> str:
    if element.tag != "code" or not all(isinstance(child, str) for child in element.children):
        raise _Unsayable
    return "".join(str(child) for child in element.children)


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)


def _line(nodes: list[Node]) -> str:
    return "".join(_inline(node, "") for node in nodes)


def _inline(node: Node, around: str) -> str:
    if isinstance(node, str):
        return as_text(node)
    if node.tag == "br":
        return "\\\n"
    if node.tag == "code":
        fence = _fence(_only_words(node), 1)
        return f"{fence}{_only_words(node)}{fence}"
    inside = "".join(_inline(child, node.tag) for child in node.children)
    if node.tag == "a":
        return f"[{inside}]({_address(node)})"
    if node.tag not in {"em", "strong"}:
        raise _Unsayable
    mark = "_" if around in {"em", "strong"} else "*"  # *** could be read either way
    mark *= 2 if node.tag == "strong" else 1
    return f"{mark}{inside}{mark}"


def _address(link: Element) -> str:
    if "href" not in link.attributes:
        raise _Unsayable
    address = link.attributes["href"]
    if _PLAIN_ADDRESS.fullmatch(address):
        return address
    return f"<{_IN_ADDRESS.sub(_ESCAPED, address)}>"


_WRITERS: dict[str, Callable[[Element], str]] = {
    "p": lambda element: _line(element.children),
    **{f"h{level}": _heading for level in range(2, 7)},
    "ul": _list,
    "ol": _list,
    "blockquote": _quote,
    "hr": lambda _element: "---",
    "pre": _preformatted,
}
