"""The files that a material names: where they may lie, of which type, and what is in them."""

from pathlib import Path

from django.utils.translation import gettext as _

from courses import webvtt
from courses.html import from_html, from_markdown
from courses.loading.tables import Table, read_text
from courses.parts import Chapter, Paragraph
from courses.webvtt import Cue

MEDIA = {"video": (".mp4", ".webm"), "exercise": (".m4a", ".mp3", ".ogg")}
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
TIMED_TEXT = (".vtt",)
TEXTS = (".md", ".html")
_BUILT = ("file", "captions", "transcript", "chapters", "poster")  # where there is a script


def attached(table: Table, key: str, suffixes: tuple[str, ...]) -> Path | None:
    """The file that `key` names, or None where it names none or the problem was noted."""
    name = table.text(key)
    if not name:
        return None
    path = table.path.parent / name
    sentence = fault(path, name, suffixes, table.problems.folder)
    if sentence == _said_of_none(path, name) and _is_built(table, key):
        sentence = _("There is no file “%s”. It is built from the script: run make content.") % name
    if sentence:
        table.wrong(key, sentence)
        return None
    return path


def fault(path: Path, name: str, suffixes: tuple[str, ...], folder: Path) -> str:
    """Why the file cannot serve; empty where it can. `folder` is the resolved course folder."""
    try:
        return _fault(path, name, suffixes, folder)
    except (OSError, RuntimeError):  # a name that is too long, a link that leads to itself
        return _("“%s” cannot be found. Copy the file in, under a short name.") % name


def _fault(path: Path, name: str, suffixes: tuple[str, ...], folder: Path) -> str:
    if not path.resolve().is_relative_to(folder):
        return _("“%s” lies outside the course folder. Copy it in.") % name
    if path.suffix.lower() not in suffixes:
        words = {"name": name, "types": ", ".join(suffixes)}
        return _("“%(name)s” is of the wrong type. Here it can be: %(types)s.") % words
    if not path.is_file():
        return _said_of_none(path, name)
    return _("“%s” is empty.") % name if path.stat().st_size == 0 else ""


def _said_of_none(path: Path, name: str) -> str:
    words = {"name": name, "folder": path.parent.name}
    return _("There is no file “%(name)s” in %(folder)s. Add it, or take this line out.") % words


def _is_built(table: Table, key: str) -> bool:
    has_script = isinstance(table.data.get("script"), str)
    return key in _BUILT and has_script and table.data.get("kind") in MEDIA


def body(table: Table) -> str:
    """Sanitised HTML, whichever of the two the file is written in."""
    path = attached(table, "body", TEXTS)
    return as_html(path, read_text(path, table.problems) or "") if path else ""


def as_html(path: Path, text: str) -> str:
    """The text of a file in Markdown or HTML, by its suffix, as sanitised HTML."""
    return from_html(text) if path.suffix.lower() == ".html" else from_markdown(text)


def checked_captions(table: Table, duration: float | None) -> Path | None:
    """The captions file, if it can be read as WebVTT."""
    path = attached(table, "captions", TIMED_TEXT)
    return path if path and _cues(path, table, duration) else None


def transcript(table: Table, duration: float | None) -> list[Paragraph]:
    """One cue of the transcript file is one paragraph."""
    path = attached(table, "transcript", TIMED_TEXT)
    cues = _cues(path, table, duration) if path else []
    return [Paragraph(at=cue.start, text=" ".join(cue.text.split())) for cue in cues]


def chapters(table: Table, duration: float | None) -> list[Chapter]:
    path = attached(table, "chapters", TIMED_TEXT)
    cues = _cues(path, table, duration) if path else []
    return [Chapter(at=cue.start, title=" ".join(cue.text.split())) for cue in cues]


def _cues(path: Path, table: Table, duration: float | None) -> list[Cue]:
    text = read_text(path, table.problems)
    if text is None:
        return []
    try:
        cues = webvtt.parse(text)
    except webvtt.CaptionsError as error:
        table.problems.add(path, error.line, error.sentence)
        return []
    if duration is not None and cues[-1].start >= duration:
        words = {"start": cues[-1].start, "duration": duration}
        sentence = _(
            "The last words begin at %(start).1f s, but the medium lasts %(duration).1f s."
        )
        table.problems.add(path, None, sentence % words)
    return cues
