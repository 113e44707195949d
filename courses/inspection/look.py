"""The one way in: from the first bytes of a file to what its type has to say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from courses.inspection import captions, mp3, mp4, ogg, pictures, webm
from courses.inspection.parts import Inspected, Whole
from courses.inspection.refusals import OfNoType, OfUnknownLength, Refused

__all__ = ["Inspected", "inspect", "kind_of"]

HEAD = 64  # bytes that tell every type from the others
LONGEST = 1e6  # seconds, as of a folder (courses.loading.tables): eleven days


@dataclass(frozen=True)
class Kind:
    """`inspect` raises Refused for a file that only begins like one of this kind."""

    name: str
    is_begun_by: Callable[[bytes], bool]
    inspect: Callable[[Whole], Inspected]


KINDS = (
    Kind("MP4", mp4.begins, mp4.inspect),
    Kind("WebM", webm.begins, webm.inspect),
    Kind("Ogg", ogg.begins, ogg.inspect),
    Kind("MP3", mp3.begins, mp3.inspect),
    *(Kind(picture.name, picture.begins, picture.inspect) for picture in pictures.PICTURES),
    Kind("WebVTT", captions.begins, captions.inspect),
)


def kind_of(head: bytes) -> Kind | None:
    """By the first HEAD bytes; None for what is none of ours."""
    return next((kind for kind in KINDS if kind.is_begun_by(head)), None)


def inspect(file: IO[Any]) -> Inspected:
    """What `file` is; it is then at its beginning again. Raises Refused with a sentence."""
    whole = Whole.of(file)
    try:
        kind = kind_of(whole.read(0, HEAD))
        if kind is None:
            raise _of_no_type(whole.read(0, 512), whole.size)
        return _measured(kind.inspect(whole))
    finally:
        file.seek(0)


def _measured(found: Inspected) -> Inspected:
    """Raises OfUnknownLength where a header says what no medium lasts."""
    if found.seconds is not None and not 0 < found.seconds < LONGEST:
        raise OfUnknownLength
    return found


def _of_no_type(head: bytes, size: int) -> Refused:
    if size == 0:
        return Refused(_("This file is empty. Export it once more, and choose it again."))
    if b"<svg" in head.lower():
        return Refused(_("An SVG can hold a program. Save the picture as PNG, JPEG or WebP."))
    return OfNoType()
