"""The boxes of an MP4 file (ISO/IEC 14496-12, section 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

from courses.inspection.parts import Whole
from courses.inspection.refusals import NotMeasurable


@dataclass(frozen=True)
class Box:
    """A part of an MP4 file; its content lies from `start` up to `end`, in bytes."""

    name: str
    start: int
    end: int


def boxes(whole: Whole, parent: Box | None = None) -> Iterator[Box]:
    """The boxes of `parent`, or of the file, in order; NotMeasurable where one leaves it."""
    at, end = (parent.start, parent.end) if parent else (0, whole.size)
    while at < end:
        box = _box(whole, at, end)
        yield box
        at = box.end


def named(name: str, whole: Whole, parent: Box | None = None) -> Box:
    """The box of that name; all are looked at, since the file may end too early."""
    found = None
    for box in boxes(whole, parent):
        found = box if box.name == name else found
    if found is None:
        raise NotMeasurable
    return found


def _box(whole: Whole, at: int, most: int) -> Box:
    size, name = whole.numbers(">I4s", at)
    header = 8
    if size == 0:  # to the end of the file
        size = most - at
    elif size == 1:  # a size that needs 64 bits stands after the name
        (size,), header = whole.numbers(">Q", at + 8), 16
    if size < header or at + size > most:
        raise NotMeasurable
    return Box(name.decode("latin-1"), at + header, at + size)
