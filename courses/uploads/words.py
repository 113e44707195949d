"""The words of captions as paragraphs to read."""

from courses.parts import Paragraph
from courses.webvtt import Cue

_PAUSE = 1.5  # seconds of silence that part two paragraphs
_LONG = 400  # characters after which the next sentence begins a new one
_ENDS = (".", "!", "?", "…", ".”", "!”", "?”")


def paragraphs(cues: list[Cue]) -> list[Paragraph]:
    """`at` is when its first words are said."""
    found: list[Paragraph] = []
    last: Cue | None = None
    for cue in cues:
        words = " ".join(cue.text.split())
        if last is None or _is_next(found[-1], last, cue):
            found.append(Paragraph(at=cue.start, text=words))
        else:
            found[-1]["text"] += f" {words}"
        last = cue
    return found


def _is_next(paragraph: Paragraph, last: Cue, cue: Cue) -> bool:
    has_ended = paragraph["text"].endswith(_ENDS)
    return has_ended and (cue.start - last.end >= _PAUSE or len(paragraph["text"]) > _LONG)
