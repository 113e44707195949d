"""What a handout may hold, and how long it is: what has to fit on two printed pages."""

import re
from collections.abc import Iterator
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.check.material import Material
from courses.html import first_level_headings
from courses.loading.attached import TEXTS, attached, fault
from courses.loading.companions import FILES
from courses.loading.problems import Problems
from courses.loading.tables import read_text

MOST = 900  # words that two printed pages hold
_WORD = re.compile(r"[^\W_][\w’']*")
# Reads what a page does not show, so that it can be refused.
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
_AS_TYPED = "is not read here: people would see it as it is typed. Take it out."
_NOT_SHOWN = {
    "html_block": f"HTML {_AS_TYPED}",
    "html_inline": f"HTML {_AS_TYPED}",
    "table_open": "A table is not read here: people would see it as it is typed. Write a list.",
    "image": "A picture is not shown here. Say in words what it shows.",
}
_WORDS = {"text", "code_inline", "code_block", "fence"}


def words(text: str) -> list[str]:
    """The words of a text, without its marks."""
    return _WORD.findall(text)


def check_handout(material: Material) -> None:
    """Notes what a page would not show of a text, and where a handout begins its third page."""
    path = attached(material.table, "body", TEXTS)
    text = read_text(path, material.problems) if path else None
    if path is None or text is None or path.suffix == ".html":  # which holds what Markdown cannot
        return
    faults = [*_not_shown(text), *(_third_page(text) if material.kind == "handout" else ())]
    for line, sentence in faults:
        material.problems.add(path, line, sentence)


def check_companions(problems: Problems) -> None:
    """Notes what a page would not show of the texts beside the weeks; the loader says the rest."""
    for name in FILES.values():
        path = problems.folder / name
        if fault(path, name, (".md",), problems.folder):
            continue  # there is none, or the loader has said it
        for line, sentence in _unread(list(_tokens(read_text(path, problems) or ""))):
            problems.add(path, line, sentence)


def _third_page(text: str) -> Iterator[tuple[int, str]]:
    counts = list(accumulate(len(words(line)) for line in text.splitlines()))
    said = "This handout has {} words, and two printed pages hold {}. Shorten it."
    third_page = next((line for line, count in enumerate(counts, 1) if count > MOST), None)
    if third_page:
        yield third_page, said.format(counts[-1], MOST)


def _not_shown(text: str) -> Iterator[tuple[int | None, str]]:
    tokens = list(_tokens(text))
    for heading in first_level_headings(text):
        yield heading.line, "The page has a title of its own. Begin this heading with ##."
    yield from _unread(tokens)
    if not words(" ".join(token.content for _, token in tokens if token.type in _WORDS)):
        yield None, "There are no words here. Write them."


def _unread(tokens: list[tuple[int, Token]]) -> Iterator[tuple[int, str]]:
    return ((line, _NOT_SHOWN[token.type]) for line, token in tokens if token.type in _NOT_SHOWN)


def _tokens(text: str) -> Iterator[tuple[int, Token]]:
    """What the Markdown consists of, each with its line, from 1."""
    for token in _MARKDOWN.parse(text):
        line = token.map[0] + 1 if token.map else 1
        yield line, token
        for child in token.children or ():
            yield line, child
            line += child.type in ("softbreak", "hardbreak")
