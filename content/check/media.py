"""How long a medium lasts by its own account: the boxes of an MP4 file (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from content.check.material import Material

MEASURED = (".mp4", ".m4a")
FURTHEST = 1.0  # seconds that `duration` may be off


class NotMeasurable(ValueError):
    """A file that is no whole MP4 file."""

    sentence = "How long “{}” lasts cannot be read. Build it again, or copy it again."


class OfUnknownLength(NotMeasurable):
    """A whole file whose header says that its duration is not known, as streams are written."""

    sentence = "“{}” does not say how long it lasts. Export it once more, as a finished file."


@dataclass(frozen=True)
class Box:
    """A part of an MP4 file; its content lies from `start` up to `end`, in bytes."""

    name: str
    start: int
    end: int


def check_media(material: Material) -> None:
    """Measures the medium, and notes where `duration` disagrees with it."""
    if material.medium is None or material.medium.suffix.lower() not in MEASURED:
        return  # other types are lawful, and Python alone cannot measure them
    name = material.medium.name
    try:
        material.measured = seconds_of(material.medium)
    except NotMeasurable as error:
        material.table.wrong("file", error.sentence.format(name))
        return
    declared = material.declared
    if material.is_replaced or declared is None:
        return  # of another medium, the duration would be another too
    if abs(declared - material.measured) > FURTHEST:
        lasts = f"{material.measured:.1f}"
        said = f"“duration” says {declared:.1f} s, but {name} lasts {lasts} s. Write {lasts}."
        material.table.wrong("duration", said)


def seconds_of(path: Path) -> float:
    """What moov/mvhd says of the file; raises NotMeasurable."""
    with path.open("rb") as file:
        whole = Box("", 0, path.stat().st_size)
        header = _named("mvhd", file, _named("moov", file, whole))
        file.seek(header.start)
        return _duration(file.read(header.end - header.start))


def boxes(file: BinaryIO, parent: Box) -> Iterator[Box]:
    """The boxes inside `parent`, in order; raises NotMeasurable where one leaves it."""
    at = parent.start
    while at < parent.end:
        box = _box(file, at, parent.end)
        yield box
        at = box.end


def _box(file: BinaryIO, at: int, most: int) -> Box:
    file.seek(at)
    head = file.read(16)
    if len(head) < 8:
        raise NotMeasurable
    size, name = struct.unpack_from(">I4s", head)
    header = 8
    if size == 0:  # to the end of the file
        size = most - at
    elif size == 1:  # a size that needs 64 bits stands after the name
        size, header = int.from_bytes(head[8:], "big"), 16
    if size < header or at + size > most:
        raise NotMeasurable
    return Box(name.decode("latin-1"), at + header, at + size)


def _named(name: str, file: BinaryIO, parent: Box) -> Box:
    found = {box.name: box for box in boxes(file, parent)}  # all: the file may end too early
    if name not in found:
        raise NotMeasurable
    return found[name]


def _duration(mvhd: bytes) -> float:
    form, at, unknown = (">IQ", 20, 2**64 - 1) if mvhd[:1] == b"\1" else (">II", 12, 2**32 - 1)
    if len(mvhd) < at + struct.calcsize(form):
        raise NotMeasurable
    timescale, duration = struct.unpack_from(form, mvhd, at)
    if duration == unknown:
        raise OfUnknownLength
    if not timescale or not duration:
        raise NotMeasurable
    return float(duration / timescale)
