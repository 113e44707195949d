"""The shapes of the small structured parts kept as JSON beside a module or material."""

from typing import TypedDict


class Practice(TypedDict):
    when: str
    what: str


class Paragraph(TypedDict):
    """A paragraph of a transcript; `at` is in seconds from the start of the medium."""

    at: float
    text: str


class Chapter(TypedDict):
    at: float
    title: str
