"""WebVTT: captions cut at phrases, chapters, and a transcript of one cue a paragraph."""

import html
from dataclasses import dataclass
from pathlib import Path

WIDTH = 42  # characters a line
PHRASE_END = 14  # how many characters of unevenness a cut after a comma is worth


@dataclass(frozen=True)
class Cue:
    """Text on screen from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


def caption_cues(text: str, *, start: float, end: float) -> list[Cue]:
    """One sentence as cues of at most two lines; each lasts in proportion to its length."""
    parts = split_into_cues(text)
    seconds = (end - start) / sum(len(part) for part in parts)
    cues = []
    for part in parts:
        cues.append(Cue(start, start + seconds * len(part), part))
        start = cues[-1].end
    return cues


def split_into_cues(text: str) -> list[str]:
    """The fewest parts that each fit two lines of WIDTH, evenly cut, best after a comma."""
    count = 1
    while True:
        parts = [in_two_lines(part) for part in _even_parts(text.split(), count)]
        if all(len(line) <= WIDTH for part in parts for line in part.split("\n")):
            return parts
        count += 1


def in_two_lines(text: str) -> str:
    """Text as it is if it fits one line, else broken near the middle, best after a comma."""
    if len(text) <= WIDTH:
        return text
    words = text.split()
    cut = min(range(1, len(words)), key=lambda at: _unevenness(words, at, len(text) / 2))
    return " ".join(words[:cut]) + "\n" + " ".join(words[cut:])


def _even_parts(words: list[str], count: int) -> list[str]:
    parts = []
    while count > 1 and len(words) > 1:
        goal = len(" ".join(words)) / count
        cut = min(range(1, len(words)), key=lambda at: _unevenness(words, at, goal))
        parts.append(" ".join(words[:cut]))
        words = words[cut:]
        count -= 1
    return [*parts, " ".join(words)]


def _unevenness(words: list[str], cut: int, goal: float) -> float:
    length = len(" ".join(words[:cut]))
    too_wide = 1000 if length > 2 * WIDTH else 0
    return abs(length - goal) + too_wide - (PHRASE_END if words[cut - 1][-1] in ",;:" else 0)


def write_vtt(path: Path, cues: list[Cue]) -> None:
    """Writes the cues as WebVTT, which must be in order and must not overlap."""
    path.write_text("\n".join(["WEBVTT\n", *map(_block, cues)]), "utf-8")


def _block(cue: Cue) -> str:
    times = f"{timestamp(cue.start)} --> {timestamp(cue.end)}"
    return f"{times}\n{html.escape(cue.text, quote=False)}\n"


def timestamp(seconds: float) -> str:
    """Seconds as 00:01:02.345."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{thousandths:03d}"
