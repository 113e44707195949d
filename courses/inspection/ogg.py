"""Ogg (RFC 3533) with Opus (RFC 7845) or Vorbis in it: the last page says when it ends."""

from collections.abc import Iterator
from dataclasses import dataclass

from courses.inspection.parts import Inspected, Whole
from courses.inspection.refusals import NotMeasurable, cannot_be_played

_NO_TIME = 2**64 - 1  # of a page on which no packet ends


@dataclass(frozen=True)
class _Page:
    stream: int
    time: int
    start: int


@dataclass(frozen=True)
class _Clock:
    """How the times of a stream are counted: from `first`, `hertz` a second."""

    first: int
    hertz: int


def begins(head: bytes) -> bool:
    return head[:4] == b"OggS"


def inspect(whole: Whole) -> Inspected:
    """Sound, of one stream. Raises NotMeasurable where a page is cut off."""
    pages = _pages(whole)
    first = next(pages)
    clock = _clock(whole.read(first.start, 32))
    if not clock.hertz:
        raise NotMeasurable
    last = 0
    for page in pages:
        if page.stream == first.stream and page.time != _NO_TIME:
            last = page.time
    if last <= clock.first:
        raise NotMeasurable
    return Inspected(".ogg", (last - clock.first) / clock.hertz)


def _clock(head: bytes) -> _Clock:
    """By the stream's first packet."""
    if head[:8] == b"OpusHead":
        return _Clock(int.from_bytes(head[10:12], "little"), 48_000)
    if head[:7] == b"\1vorbis":
        return _Clock(0, int.from_bytes(head[12:16], "little"))
    raise cannot_be_played(head[:8].strip(b"\0\x7f\x80").decode("latin-1").strip() or "Ogg")


def _pages(whole: Whole) -> Iterator[_Page]:
    at = 0
    while at < whole.size:
        mark, _flags, time, stream, _order, _sum, count = whole.numbers("<4sHQIIIB", at)
        lengths = whole.read(at + 27, count)
        start = at + 27 + count
        at = start + sum(lengths)
        if mark != b"OggS" or len(lengths) < count or at > whole.size:
            raise NotMeasurable
        yield _Page(stream, time, start)
