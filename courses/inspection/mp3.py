"""MP3: frames of MPEG audio, layer III (ISO/IEC 11172-3, 2.4.1), counted one by one."""

from dataclasses import dataclass

from courses.inspection.parts import Inspected, Whole
from courses.inspection.refusals import NotMeasurable

# Kilobits a second by the four bits that name them: MPEG 1, and MPEG 2 with 2.5.
_RATES = (
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)
_SAMPLINGS = (44_100, 48_000, 32_000)
_PARTS_OF = {3: 1, 2: 2, 0: 4}  # MPEG 1, 2 and 2.5, as two bits name them
_MOST = 2_000_000  # frames: thirteen hours of the shortest ones
_FEWEST = 3  # frames on end, which nothing has by chance
_SLACK = 64 * 1024  # bytes of padding before the first frame, and of tags after the last


@dataclass(frozen=True)
class _Frame:
    size: int
    seconds: float


def begins(head: bytes) -> bool:
    return head[:3] == b"ID3" or _frame(head[:4]) is not None


def inspect(whole: Whole) -> Inspected:
    """Raises NotMeasurable where it ends before its time."""
    whole.left = _MOST
    at = _begin(whole)
    seconds, count = 0.0, 0
    while (frame := _frame(whole.read(at, 4))) and at + frame.size <= whole.size:
        at += frame.size
        seconds += frame.seconds
        count += 1
    if count < _FEWEST or whole.size - at > _SLACK:
        raise NotMeasurable
    return Inspected(".mp3", seconds)


def _begin(whole: Whole) -> int:
    """Where the first frame is, behind tags and what is left empty behind them."""
    at = 0
    while (head := whole.read(at, 10))[:3] == b"ID3" and len(head) == 10:
        size = sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True)
        )
        at += 10 + size + (10 if head[5] & 0x10 else 0)
    empty = whole.read(at, _SLACK)
    return at + len(empty) - len(empty.lstrip(b"\0"))


def _frame(head: bytes) -> _Frame | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # layer III alone
        return None
    version, rate, sampling = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in _PARTS_OF or not 0 < rate < 15 or sampling == 3:
        return None
    hertz = _SAMPLINGS[sampling] // _PARTS_OF[version]
    samples = 1152 if version == 3 else 576
    bits = _RATES[version != 3][rate - 1] * 1000
    padding = head[2] >> 1 & 1
    return _Frame(samples // 8 * bits // hertz + padding, samples / hertz)
