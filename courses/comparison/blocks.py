"""Texts as blocks of words, such as paragraphs, and what became of each word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import Literal

from django.utils.translation import gettext as _

from courses.html_tree import BLOCKS, Element, Node, parsed

Change = Literal["same", "added", "removed"]
_MOST_PAIRS = 4_000_000  # two texts of 2000 parts each; beyond it a page would not come in time


@dataclass(frozen=True)
class Word:
    """`marks`: the tags of its marks, such as "strong"; they count when words are compared.

    `is_glued` where no space is before it, as before a full stop after a link.
    """

    text: str
    marks: tuple[str, ...] = ()
    is_glued: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Block:
    """`kind` says what it is, for a reader: "" for a paragraph."""

    words: tuple[Word, ...]
    kind: str = ""


@dataclass(frozen=True)
class Run:
    """Words in a row with one fate and the same marks."""

    change: Change
    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_glued: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Changed:
    """A block with its words' fates. `before` where it was another kind of block."""

    kind: str
    runs: list[Run]
    before: str = ""

    @property
    def is_same(self) -> bool:
        return not self.before and all(run.change == "same" for run in self.runs)


@dataclass(frozen=True)
class Stretch:
    """Blocks in a row that are all the same, or that are not."""

    is_same: bool
    blocks: list[Changed] = field(default_factory=list)


def of_text(text: str) -> list[Block]:
    """Plain text, each line of it a block."""
    lines = (line.split() for line in text.splitlines())
    return [Block(tuple(Word(word) for word in line)) for line in lines if line]


def of_html(html: str) -> list[Block]:
    reader = _Reader()
    reader.read(parsed(html), ())
    reader.end()
    return reader.blocks


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.words: list[Word] = []
        self.kinds: list[str] = [""]
        self.has_space = True  # before what comes next

    def read(self, element: Element, marks: tuple[str, ...]) -> None:
        for child in element.children:
            self._read(child, marks)

    def end(self) -> None:
        if self.words:
            self.blocks.append(Block(tuple(self.words), self.kinds[-1]))
        self.words, self.has_space = [], True

    def _read(self, node: Node, marks: tuple[str, ...]) -> None:
        if isinstance(node, str):
            self._read_text(node, marks)
        elif node.tag in BLOCKS:
            self._read_block(node, marks)
        elif node.tag == "br":
            self.end()
        else:
            self.read(node, (*marks, node.tag))
            # Where a link leads, or what an abbreviation stands for.
            if behind := node.attributes.get("href") or node.attributes.get("title"):
                self.words.append(Word(f"({behind})", marks))
                self.has_space = False

    def _read_text(self, text: str, marks: tuple[str, ...]) -> None:
        words = text.split()
        self.has_space |= text[:1].isspace()
        for word in words:
            self.words.append(Word(word, marks, is_glued=not self.has_space))
            self.has_space = True
        if words:
            self.has_space = text[-1].isspace()

    def _read_block(self, element: Element, marks: tuple[str, ...]) -> None:
        self.end()
        self.kinds.append(_kind_of(element.tag) or self.kinds[-1])
        self.read(element, marks)
        self.end()
        self.kinds.pop()


def _kind_of(tag: str) -> str:
    kinds = {
        **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), _("Heading")),
        "li": _("In a list"),
        "blockquote": _("Quotation"),
        "pre": _("As typed"),
        **dict.fromkeys(("td", "th", "caption"), _("In a table")),
        **dict.fromkeys(("dt", "dd"), _("In a list of words")),
    }
    return kinds.get(tag, "")


def compared(old: Sequence[Block], new: Sequence[Block]) -> list[Stretch]:
    """Stretches of blocks, alike and changed by turns; all of both texts is in them."""
    blocks = [*_aligned(old, new)]
    alike = groupby(blocks, key=lambda block: block.is_same)
    return [Stretch(is_same, list(group)) for is_same, group in alike]


def _aligned(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Changed]:
    if len(old) * len(new) > _MOST_PAIRS:
        yield from (_whole(block, "removed") for block in old)
        yield from (_whole(block, "added") for block in new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            yield from (_whole(block, "same") for block in new[new_from:new_to])
        else:
            yield from _paired(old[old_from:old_to], new[new_from:new_to])


def _paired(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Changed]:
    """Each block that went with the one in its place, where they have words in common."""
    for was, is_now in zip_longest(old, new):
        if was and is_now and _alike(was, is_now):
            before = (was.kind or _("Paragraph")) if was.kind != is_now.kind else ""
            yield Changed(is_now.kind, _runs(was.words, is_now.words), before)
            continue
        if was:
            yield _whole(was, "removed")
        if is_now:
            yield _whole(is_now, "added")


def _alike(was: Block, is_now: Block) -> bool:
    old, new = ([word.text for word in block.words] for block in (was, is_now))
    if len(old) * len(new) > _MOST_PAIRS:
        return False
    return SequenceMatcher(None, old, new, autojunk=False).ratio() > 0.3


def _whole(block: Block, change: Change) -> Changed:
    return Changed(block.kind, [*_grouped(block.words, change)])


def _runs(old: Sequence[Word], new: Sequence[Word]) -> list[Run]:
    runs: list[Run] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            runs += _grouped(new[new_from:new_to], "same")
        else:
            runs += _grouped(old[old_from:old_to], "removed")
            runs += _grouped(new[new_from:new_to], "added")
    return runs


def _grouped(words: Sequence[Word], change: Change) -> Iterator[Run]:
    for marks, group in groupby(words, key=lambda word: word.marks):
        first, *others = group
        text = first.text + "".join(f"{'' if each.is_glued else ' '}{each.text}" for each in others)
        yield Run(change, text, "strong" in marks, "em" in marks, first.is_glued)
