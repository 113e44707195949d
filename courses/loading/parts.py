"""A course folder as read: plain values, and the hash that says whether anything changed."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from courses.files import content_hash
from courses.html_tree import canonical
from courses.parts import Chapter, Paragraph, Practice

_TEXTS = {"introduction", "body"}  # HTML


@dataclass(kw_only=True)
class CourseFacts:
    """What belongs to the course, not to an edition of it."""

    slug: str
    title: str
    summary: str
    language: str
    licence: str
    authorship: str


@dataclass(kw_only=True)
class ReadMaterial:
    """`body` is sanitised HTML; the paths lie inside the folder and exist."""

    key: str
    kind: str
    title: str
    summary: str
    body: str
    duration: float | None
    alternative_to: str
    file: Path | None
    captions: Path | None
    poster: Path | None
    transcript: list[Paragraph]
    chapters: list[Chapter]


@dataclass(kw_only=True)
class ReadWeek:
    """`introduction` is sanitised HTML."""

    week: int
    title: str
    aim: str
    introduction: str
    practice: list[Practice]
    materials: list[ReadMaterial] = field(default_factory=list)


@dataclass(kw_only=True)
class ReadCompanion:
    """`body` is sanitised HTML, without the heading that gave the title."""

    kind: str
    title: str
    body: str


@dataclass(kw_only=True)
class ReadCourse:
    facts: CourseFacts
    weeks: list[ReadWeek]
    companions: list[ReadCompanion]

    def content_hash(self) -> str:
        """Hex SHA-256 over the weeks, the bytes of their media and the texts beside them.

        Not over the course's own facts, which editions do not hold; nor over comments, scripts,
        names of files and ways to write a text, which change no word of what a person is given.
        """
        below: list[ReadWeek | ReadCompanion] = [*self.weeks, *self.companions]
        content = [asdict(each, dict_factory=_hashable) for each in below]
        written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


def _hashable(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        key: _fingerprint(value)
        if isinstance(value, Path)
        else canonical(value)
        if key in _TEXTS
        else value
        for key, value in items
    }


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return content_hash(file) + path.suffix.lower()
