"""Still pictures: PNG, JPEG and WebP, from their first byte to their last."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.inspection.parts import Inspected, Whole
from courses.inspection.refusals import NotMeasurable, Refused

WIDEST = 8000  # pixels a side; a telephone that unpacks more runs out of memory
_MOST_PARTS = 100_000
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES_OF_JPEG = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_ALONE_IN_JPEG = {0x01, *range(0xD0, 0xD8)}


@dataclass(frozen=True)
class Picture:
    """`sides` reads width and height, and raises NotMeasurable for one that is not whole."""

    name: str
    suffix: str
    begins: Callable[[bytes], bool]
    sides: Callable[[Whole], tuple[int, int]]

    def inspect(self, whole: Whole) -> Inspected:
        sides = self.sides(whole)
        if min(sides) < 1:
            raise NotMeasurable
        if max(sides) > WIDEST:
            said = _("This picture is %(side)d pixels wide or high. Save it with %(most)d at most.")
            raise Refused(said % {"side": max(sides), "most": WIDEST})
        return Inspected(self.suffix)


def _sides_of_png(whole: Whole) -> tuple[int, int]:
    name, width, height = whole.numbers(">4sII", 12)
    at = len(_PNG)
    for _number in range(_MOST_PARTS):
        length, part = whole.numbers(">I4s", at)
        at += 12 + length
        if at > whole.size:
            raise NotMeasurable
        if part == b"IEND":
            return (width, height) if name == b"IHDR" else (0, 0)
    raise NotMeasurable


def _sides_of_jpeg(whole: Whole) -> tuple[int, int]:
    if b"\xff\xd9" not in whole.read(max(whole.size - 1024, 0), 1024):
        raise NotMeasurable  # cut off
    at = 2
    for _number in range(_MOST_PARTS):
        mark, name = whole.numbers("BB", at)
        if mark != 0xFF:
            break
        if name == 0xFF or name in _ALONE_IN_JPEG:  # filling, or a mark without a length
            at += 1 if name == 0xFF else 2
            continue
        if name in _FRAMES_OF_JPEG:
            height, width = whole.numbers(">HH", at + 5)
            return width, height
        at += 2 + whole.numbers(">H", at + 2)[0]
    raise NotMeasurable


def _sides_of_webp(whole: Whole) -> tuple[int, int]:
    (length,) = whole.numbers("<I", 4)
    if length + 8 > whole.size:
        raise NotMeasurable
    form = whole.read(12, 4)
    if form == b"VP8X":
        one, two = whole.read(24, 3), whole.read(27, 3)
        return int.from_bytes(one, "little") + 1, int.from_bytes(two, "little") + 1
    if form == b"VP8L":
        (bits,) = whole.numbers("<I", 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 " and whole.read(23, 3) == b"\x9d\x01\x2a":
        width, height = whole.numbers("<HH", 26)
        return width & 0x3FFF, height & 0x3FFF
    raise NotMeasurable


PICTURES = (
    Picture("PNG", ".png", lambda head: head[:8] == _PNG, _sides_of_png),
    Picture("JPEG", ".jpg", lambda head: head[:3] == b"\xff\xd8\xff", _sides_of_jpeg),
    Picture(
        "WebP",
        ".webp",
        lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
        _sides_of_webp,
    ),
)
