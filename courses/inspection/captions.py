"""Captions: WebVTT that can be read to its end."""

from typing import IO, Any

from django.utils.translation import gettext as _

from courses import webvtt
from courses.inspection.limits import CAPTIONS, too_large
from courses.inspection.parts import Inspected, Whole
from courses.inspection.refusals import Refused

LATEST = 0.1  # seconds that a cue may outlive its medium, which ends with a whole frame
_BOM = b"\xef\xbb\xbf"


def begins(head: bytes) -> bool:
    return head.removeprefix(_BOM).startswith(b"WEBVTT")


def inspect(whole: Whole) -> Inspected:
    """Raises Refused with the line of the first fault."""
    if whole.size > CAPTIONS:
        raise Refused(too_large(".vtt"))
    read(whole.read(0, CAPTIONS))
    return Inspected(".vtt")


def read(content: bytes) -> list[webvtt.Cue]:
    """The cues. Raises Refused with the line of the first fault."""
    above, nul, _below = content.partition(b"\0")
    if nul:
        said = _("Line %d: There is a character here that is no text (U+0000). Take it out.")
        raise Refused(said % (above.count(b"\n") + 1))
    try:
        return webvtt.parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Refused(_("This is not text in UTF-8. Save it as UTF-8.")) from error
    except webvtt.CaptionsError as error:
        raise Refused(str(error)) from error


def cues_of(file: IO[Any]) -> list[webvtt.Cue]:
    """Those of a file that was inspected before."""
    file.seek(0)
    return read(file.read())


def check_end(cues: list[webvtt.Cue], seconds: float) -> None:
    """Raises Refused where words outlive their medium of so many seconds."""
    late = next((cue for cue in cues if cue.end > seconds + LATEST), None)
    if late is None:
        return
    said = _(
        "Line %(line)d: these words end at %(end)s, and the file that they belong to at %(last)s. "
        "Choose the captions of this very file."
    )
    words = {"line": late.line, "end": clock_time(late.end), "last": clock_time(seconds)}
    raise Refused(said % words)


def clock_time(seconds: float) -> str:
    """Such as 30:00, or 1:05:00."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
