"""WebVTT: timed text for captions, transcripts and chapters (W3C, https://www.w3.org/TR/webvtt1/)."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from courses.models import Material

_TIME = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s.*)?\Z", re.ASCII)
_TAG = re.compile(r"<[^<>]*>")  # with < let in, a megabyte of them would take ten minutes
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|\Z)")


@dataclass(frozen=True)
class Cue:
    """Text from `start` to `end`, in seconds; without tags, its line breaks kept.

    `line` is where its times stand in the file that it was read from, counted from 1.
    """

    start: float
    end: float
    text: str
    line: int = field(default=0, compare=False)


class CaptionsError(ValueError):
    """`line` counts from 1; `sentence` says what is wrong there."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        self.sentence = sentence
        super().__init__(_("Line %(line)d: %(sentence)s") % {"line": line, "sentence": sentence})


def parse(text: str) -> list[Cue]:
    """The cues of a WebVTT file, in order of time. Raises CaptionsError at the first fault."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or not re.match(r"WEBVTT(?:\s|\Z)", lines[0]):
        raise CaptionsError(1, _("The file must begin with the word WEBVTT."))
    cues: list[Cue] = []
    for number, block in _blocks(lines):
        if not _NO_CUE.match(block[0]):
            cue = _cue(number, block)
            if cues and cue.start < cues[-1].start:
                raise CaptionsError(number, _("This begins before the one above it."))
            cues.append(cue)
    if not cues:
        raise CaptionsError(1, _("There is no timed text in the file."))
    return cues


def _blocks(lines: list[str]) -> Iterable[tuple[int, list[str]]]:
    """Each run of lines after the header's, with the number of its first line."""
    block: list[str] = []
    in_header = True
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            if in_header and "-->" in line:
                raise CaptionsError(number, _("Leave a line empty above the first times."))
            block.append(line)
            continue
        if block and not in_header:
            yield number - len(block), block
        block, in_header = [], False


def _cue(number: int, block: list[str]) -> Cue:
    if "-->" not in block[0] and len(block) > 1:
        number, block = number + 1, block[1:]  # a cue may have a name above its times
    timing = _TIMING.match(block[0])
    if timing is None:
        raise CaptionsError(number, _("Write the times like this: 00:00:01.000 --> 00:00:04.500"))
    start, end = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
    if end <= start:
        raise CaptionsError(number, _("This ends before it begins."))
    text = _unescaped(number, _TAG.sub("", "\n".join(line.strip() for line in block[1:])))
    if not text.strip():
        raise CaptionsError(number, _("There are no words under these times."))
    return Cue(start, end, text, number)


def _unescaped(number: int, text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError as error:  # &# and more digits than Python reads as one number
        raise CaptionsError(number, _("There is a number here that is no character.")) from error


def _seconds(groups: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(group or 0) for group in groups)
    return ((hours * 60 + minutes) * 60 * 1000 + seconds * 1000 + thousandths) / 1000


def write(cues: Iterable[Cue]) -> str:
    """The cues as a WebVTT file; `parse` reads back the same."""
    return "\n".join(["WEBVTT\n", *(_written(cue) for cue in cues)])


def _written(cue: Cue) -> str:
    # A blank line would end the cue.
    lines = [line for line in cue.text.splitlines() if line.strip()]
    text = html.escape("\n".join(lines), quote=False)
    return f"{_timestamp(cue.start)} --> {_timestamp(cue.end)}\n{text}\n"


def _timestamp(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}.{thousandths:03d}"


def chapters(material: Material) -> str:
    """The chapters track of a medium: each chapter lasts until the next, the last to the end."""
    if not material.chapters:
        return write([])
    starts = [float(chapter["at"]) for chapter in material.chapters]
    ends = [*starts[1:], max(material.duration or 0.0, starts[-1] + 1.0)]
    titles = [str(chapter["title"]) for chapter in material.chapters]
    return write(Cue(*parts) for parts in zip(starts, ends, titles, strict=True))
