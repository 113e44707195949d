"""WebM: the elements of EBML (RFC 8794) as Matroska names them (RFC 9559)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from courses.inspection.parts import Inspected, Whole
from courses.inspection.refusals import NotMeasurable, Refused, cannot_be_played

_EBML, _DOCTYPE, _SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
_INFO, _SCALE, _DURATION = 0x1549A966, 0x2AD7B1, 0x4489
_TRACKS, _ENTRY, _CODEC, _CLUSTER = 0x1654AE6B, 0xAE, 0x86, 0x1F43B675
_PICTURES = {"V_VP8", "V_VP9", "V_AV1"}
_SOUND = {"A_OPUS", "A_VORBIS"}


@dataclass(frozen=True)
class _Element:
    """Its content lies from `start` up to `end`; `is_open` where its length was not written."""

    name: int
    start: int
    end: int
    is_open: bool


@dataclass
class _Said:
    """`duration` counts in steps of `scale` nanoseconds."""

    duration: float = 0.0
    scale: int = 1_000_000
    codecs: set[str] = field(default_factory=set)
    has_content: bool = False


def begins(head: bytes) -> bool:
    return head[:4] == b"\x1a\x45\xdf\xa3"


def inspect(whole: Whole) -> Inspected:
    """A film; sound alone is not used in this form. Raises Refused."""
    segment = _segment(whole)
    said = _said(whole, segment)
    if not said.has_content or not said.codecs:
        raise NotMeasurable
    for codec in sorted(said.codecs):
        if codec[:2] in ("V_", "A_") and codec not in _PICTURES | _SOUND:
            raise cannot_be_played(codec)
    if not _PICTURES & said.codecs:
        raise Refused(
            _("There are no pictures in this WebM file. Export sound as M4A, MP3 or Ogg.")
        )
    return Inspected(".webm", said.duration * said.scale / 1e9)


def _segment(whole: Whole) -> _Element:
    """The one that holds all else, in a file that says it is WebM."""
    top = _named((_EBML, _SEGMENT), _elements(whole, 0, whole.size))
    if len(top) < 2:
        raise NotMeasurable
    header = _named((_DOCTYPE,), _elements(whole, top[_EBML].start, top[_EBML].end))
    if not header or _text(whole, header[_DOCTYPE]) != "webm":
        raise Refused(
            _("This is a Matroska film, which many browsers cannot play. Export it as MP4.")
        )
    return top[_SEGMENT]


def _named(names: tuple[int, ...], elements: Iterator[_Element]) -> dict[int, _Element]:
    return {element.name: element for element in elements if element.name in names}


def _said(whole: Whole, segment: _Element) -> _Said:
    said = _Said()
    for element in _elements(whole, segment.start, segment.end):
        if element.name == _INFO:
            _read_info(whole, element, said)
        elif element.name == _TRACKS:
            _read_tracks(whole, element, said)
        elif element.name == _CLUSTER:
            said.has_content = True
            if element.is_open:  # where it ends, only its end would say
                break
    return said


def _read_info(whole: Whole, info: _Element, said: _Said) -> None:
    for element in _elements(whole, info.start, info.end):
        content = whole.read(element.start, min(element.end - element.start, 8))
        if element.name == _SCALE:
            said.scale = int.from_bytes(content, "big")
        elif element.name == _DURATION:
            said.duration = _float(content)


def _float(content: bytes) -> float:
    forms = {4: ">f", 8: ">d"}
    if len(content) not in forms:
        raise NotMeasurable
    return float(struct.unpack(forms[len(content)], content)[0])


def _read_tracks(whole: Whole, tracks: _Element, said: _Said) -> None:
    for entry in _elements(whole, tracks.start, tracks.end):
        if entry.name == _ENTRY:
            parts = _elements(whole, entry.start, entry.end)
            said.codecs.update(_text(whole, part) for part in parts if part.name == _CODEC)


def _text(whole: Whole, element: _Element) -> str:
    content = whole.read(element.start, min(element.end - element.start, 64))
    return content.rstrip(b"\0").decode("ascii", "replace")


def _elements(whole: Whole, at: int, end: int) -> Iterator[_Element]:
    while at < end:
        element = _element(whole, at, end)
        yield element
        at = element.end


def _element(whole: Whole, at: int, most: int) -> _Element:
    head = whole.read(at, 12)
    name, size_at = _number(head, 0, keep_mark=True)
    size, start = _number(head, size_at, keep_mark=False)
    is_open = size == (1 << 7 * (start - size_at)) - 1
    end = most if is_open else at + start + size
    if end > most:
        raise NotMeasurable
    return _Element(name, at + start, end, is_open)


def _number(head: bytes, at: int, *, keep_mark: bool) -> tuple[int, int]:
    """A number whose first bits say how many bytes it has, and where the next one begins."""
    if at >= len(head) or not head[at]:
        raise NotMeasurable
    length = 9 - head[at].bit_length()
    if at + length > len(head):
        raise NotMeasurable
    number = int.from_bytes(head[at : at + length], "big")
    return number if keep_mark else number - (1 << 7 * length), at + length
