"""Timed text: cues against one another, against their medium, and against a reader's pace."""

from itertools import pairwise
from pathlib import Path

from content.check.material import Material
from courses import webvtt
from courses.inspection.captions import LATEST
from courses.loading.attached import TIMED_TEXT, attached
from courses.loading.problems import Problems
from courses.loading.tables import read_text
from courses.webvtt import CaptionsError, Cue

MOST_LINES, WIDEST = 2, 42  # of one caption


def check_timed_text(material: Material) -> None:
    """Notes what is wrong with the captions, transcript and chapters."""
    for key in ("captions", "transcript", "chapters"):
        path = attached(material.table, key, TIMED_TEXT)
        cues = _cues(path, material.problems) if path else []
        kinds = [_overlaps(cues), _outliving(cues, material)]
        kinds += [_too_large(cues)] if key == "captions" else []
        for faults in filter(None, kinds):
            assert path is not None  # or there are no cues
            _note(faults, path, material.problems)


def _note(faults: list[tuple[Cue, str]], path: Path, problems: Problems) -> None:
    """Says the first of one kind, and how many there are more."""
    cue, sentence = faults[0]
    more = f" (And {len(faults) - 1} more below.)" if len(faults) > 1 else ""
    problems.add(path, cue.line, sentence + more)


def _cues(path: Path, problems: Problems) -> list[Cue]:
    text = read_text(path, problems)
    try:
        return webvtt.parse(text) if text is not None else []
    except CaptionsError:
        return []  # the loader has said it


def _overlaps(cues: list[Cue]) -> list[tuple[Cue, str]]:
    said = (
        "This begins at {:g} s, before the one above it has ended, at {:g} s. "
        "Let it begin later, or the one above end sooner."
    )
    return [
        (cue, said.format(cue.start, above.end))
        for above, cue in pairwise(cues)
        if cue.start < above.end
    ]


def _outliving(cues: list[Cue], material: Material) -> list[tuple[Cue, str]]:
    if material.medium is None or material.lasts is None or material.is_replaced:
        return []
    if cues and material.declared is not None and cues[-1].start >= material.declared:
        return []  # the loader has said it
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
