"""Timed text: cues against one another, against their medium, and against a reader's pace."""

from itertools import pairwise
from pathlib import Path

from content.check.material import Material
from courses import webvtt
from courses.loading.attached import TIMED_TEXT, attached
from courses.loading.problems import Problems
from courses.loading.tables import read_text
from courses.webvtt import CaptionsError, Cue

MOST_LINES, WIDEST = 2, 42  # of one caption
LATEST = 0.1  # seconds that a cue may outlive its medium, which ends with a whole frame


def check_timed_text(material: Material) -> None:
    """Notes what is wrong with the captions, transcript and chapters."""
    for key in ("captions", "transcript", "chapters"):
        path = attached(material.table, key, TIMED_TEXT)
        cues = _cues(path, material.problems) if path else []
        faults = [*_overlaps(cues), *_outliving(cues, material)]
        faults += _too_large(cues) if key == "captions" else []
        for cue, sentence in faults:
            assert path is not None  # or there are no cues
            material.problems.add(path, cue.line, sentence)


def _cues(path: Path, problems: Problems) -> list[Cue]:
    text = read_text(path, problems)
    try:
        return webvtt.parse(text) if text is not None else []
    except CaptionsError:
        return []  # the loader has said it


def _overlaps(cues: list[Cue]) -> list[tuple[Cue, str]]:
    said = "This begins at {:g} s, before the one above it has ended, at {:g} s."
    return [
        (cue, said.format(cue.start, above.end))
        for above, cue in pairwise(cues)
        if cue.start < above.end
    ]


def _outliving(cues: list[Cue], material: Material) -> list[tuple[Cue, str]]:
    if material.medium is None or material.lasts is None:
        return []
    end, name = material.lasts, material.medium.name
    said = f"This ends at {{:g}} s, but {name} lasts {end:.1f} s."
    return [(cue, said.format(cue.end)) for cue in cues if cue.end > end + LATEST]


def _too_large(cues: list[Cue]) -> list[tuple[Cue, str]]:
    said = "This caption has {}. Two lines of 42 characters are read in time."
    faults = []
    for cue in cues:
        lines = cue.text.split("\n")
        widest = max(map(len, lines))
        if len(lines) > MOST_LINES:
            faults.append((cue, said.format(f"{len(lines)} lines")))
        elif widest > WIDEST:
            faults.append((cue, said.format(f"a line of {widest}")))
    return faults
