"""Transcript and chapters as WebVTT, from which the loader reads the same."""

from collections.abc import Iterable

from courses import webvtt
from courses.models import Material
from courses.webvtt import Cue

_SHORTEST = 0.001  # WebVTT counts in thousandths of a second


def of_transcript(material: Material) -> str:
    """One cue for each paragraph; "" for none."""
    return _written(((each["at"], each["text"]) for each in material.transcript), material.duration)


def of_chapters(material: Material) -> str:
    return _written(((each["at"], each["title"]) for each in material.chapters), material.duration)


def _written(timed: Iterable[tuple[float, str]], duration: float | None) -> str:
    """Each lasts until the next begins, and the last one to the end of the medium."""
    worded = [(max(at, 0.0), " ".join(text.split())) for at, text in timed]
    told = sorted((each for each in worded if each[1]), key=lambda each: each[0])
    if not told:
        return ""
    ends = [at for at, _words in told[1:]] + [duration or 0.0]
    return webvtt.write(
        Cue(at, max(end, at + _SHORTEST), words)
        for (at, words), end in zip(told, ends, strict=True)
    )
