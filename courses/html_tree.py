"""The HTML of a text as a tree, alike for all ways of writing the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import TypeAlias

LISTS = frozenset({"ul", "ol"})
BLOCKS = LISTS | {
    *("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "hr", "pre", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
_EMPTY = frozenset({"br", "hr"})
_SAME = {"b": "strong", "i": "em"}
_DEEPEST = 100  # nobody writes so; below it a page's own readers give up
_WHITE = " \t\n\f\r"  # as HTML has it: a no-break space is none


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)


Node: TypeAlias = Element | str


def parsed(html: str) -> Element:
    """Sanitised `html` below a nameless root, without the white space that no page shows.

    <b> is told as <strong> and <i> as <em>; of a link only where it leads is kept.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _tidy(reader.root)


def canonical(html: str) -> str:
    """The same for two sanitised texts if, and only if, a page shows the same of both."""
    return "".join(_written(node) for node in parsed(html).children)


def plain(nodes: Iterable[Node]) -> str:
    """The words, without their marks."""
    return "".join(node if isinstance(node, str) else plain(node.children) for node in nodes)


def is_block(node: Node) -> bool:
    return isinstance(node, Element) and node.tag in BLOCKS


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]
        self.too_deep = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = {name: value or "" for name, value in attrs if name != "rel"}
        element = Element(_SAME.get(tag, tag), kept)
        self.open[-1].children.append(element)
        if tag in _EMPTY:
            return
        if self.too_deep or len(self.open) > _DEEPEST:
            self.too_deep += 1
        else:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self.too_deep:
            self.too_deep -= 1
        elif self.open[-1].tag == _SAME.get(tag, tag):  # as it is in what nh3 has written
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def _tidy(block: Element) -> Element:
    tidy = Element(block.tag, block.attributes)
    if block.tag == "pre":
        tidy.children = list(block.children)
        if block.children and isinstance(block.children[0], str):
            # A line break straight after <pre> is not shown (HTML standard, 4.4.3).
            tidy.children[0] = block.children[0].removeprefix("\n")
    else:
        _Line(tidy).add_all(block.children)
    return tidy


class _Line:
    """Writes what is in a block: one space between words, and none within the ends of a mark.

    What holds no words, such as an empty <strong>, is not written.
    """

    def __init__(self, block: Element) -> None:
        self.chain = [block]  # the block, and the marks that are open in it
        self.written = 1  # how many of these stand in the tree already
        self.space = False
        self.at_start = True

    def add_all(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if isinstance(node, str):
                self._add_text(node)
            elif node.tag == "br" or node.tag in BLOCKS:
                self._begin_anew(node if node.tag == "br" else _tidy(node))
            else:
                self._add_mark(node)

    def _add_text(self, text: str) -> None:
        words = text.strip(_WHITE)
        self.space |= text[:1] in tuple(_WHITE)
        if words:
            self._put(" ".join(_split(words)))
            self.space = text[-1] in _WHITE

    def _add_mark(self, element: Element) -> None:
        self.chain.append(Element(element.tag, element.attributes))
        self.add_all(element.children)
        self.chain.pop()
        self.written = min(self.written, len(self.chain))

    def _begin_anew(self, element: Element) -> None:
        self.space = False
        self._put(element)
        self.at_start = True

    def _put(self, node: Node) -> None:
        if self.space and not self.at_start:
            _append(self.chain[self.written - 1], " ")
        for outer, inner in zip(
            self.chain[self.written - 1 :], self.chain[self.written :], strict=False
        ):
            outer.children.append(inner)
        self.written = len(self.chain)
        _append(self.chain[-1], node)
        self.space = self.at_start = False


def _split(text: str) -> list[str]:
    for white in _WHITE[1:]:
        text = text.replace(white, " ")
    return [word for word in text.split(" ") if word]


def _append(element: Element, node: Node) -> None:
    last = element.children[-1] if element.children else None
    if isinstance(node, str) and isinstance(last, str):
        element.children[-1] = last + node
    else:
        element.children.append(node)


def _written(node: Node) -> str:
    if isinstance(node, str):
        return escape(node, quote=False)
    names = sorted(node.attributes.items())
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in names)
    begin = f"<{node.tag}{attributes}>"
    if node.tag in _EMPTY:
        return begin
    return f"{begin}{''.join(_written(child) for child in node.children)}</{node.tag}>"
