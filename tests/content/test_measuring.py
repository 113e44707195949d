"""How long a medium lasts is read from the file itself, and a broken file is named, not waited for."""

import struct
from pathlib import Path

import pytest

from content.check.course import faults
from content.check.media import NotMeasurable, OfUnknownLength, seconds_of
from tests.courses.folders import lock
from tests.factories.courses import FILES


def box(name: str, content: bytes, *, size: int | None = None) -> bytes:
    return struct.pack(">I4s", len(content) + 8 if size is None else size, name.encode()) + content


def large_box(name: str, content: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, name.encode(), len(content) + 16) + content


def header(*, seconds: int, version: int = 0, timescale: int = 1000) -> bytes:
    """moov/mvhd: version and flags, created, modified, timescale, duration, and 80 bytes more."""
    times = ">4xIIII" if version == 0 else ">4xQQIQ"
    content = struct.pack(times, 0, 0, timescale, seconds * timescale) + bytes(80)
    return box("moov", box("mvhd", bytes([version]) + content[1:]))


@pytest.fixture
def write(tmp_path: Path):
    def write_file(content: bytes) -> Path:
        path = tmp_path / "medium.mp4"
        path.write_bytes(content)
        return path

    return write_file


@pytest.mark.parametrize(
    ("name", "seconds"), [("video.mp4", 3.0), ("exercise.m4a", 4.0), ("exercise-short.m4a", 2.0)]
)
def test_real_medium_is_measured(name: str, seconds: float) -> None:
    assert seconds_of(FILES / name) == pytest.approx(seconds, abs=0.01)


@pytest.mark.parametrize(
    "content",
    [
        header(seconds=5) + box("mdat", b"sound"),
        box("mdat", b"sound") + header(seconds=5),
        header(seconds=5, version=1, timescale=90_000),
        large_box("mdat", b"sound") + header(seconds=5),
        header(seconds=5) + box("mdat", b"sound", size=0),
    ],
    ids=["front", "back", "64-bit times", "64-bit size", "last box without an end"],
)
def test_every_lawful_form_is_measured(write, content: bytes) -> None:
    assert seconds_of(write(content)) == 5.0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"words",
        box("ftyp", b"isom"),
        box("mdat", b"", size=0) + header(seconds=5),
        box("mdat", b"", size=7) + header(seconds=5),
        struct.pack(">I4sQ", 1, b"mdat", 15) + header(seconds=5),
        struct.pack(">I4s", 1, b"mdat"),
        header(seconds=5) + box("mdat", b"sound", size=1000),
        header(seconds=5)[:40],
        box("moov", b""),
        box("moov", box("mvhd", b"\0\0\0\0")),
        box("moov", box("mvhd", b"")),
        header(seconds=0),
        header(seconds=5, timescale=0),
    ],
    ids=[
        *("empty", "text", "no header", "first box without an end", "box smaller than its head"),
        *("64-bit size too small", "64-bit size cut off", "end cut off", "header cut off"),
        *("header without times", "times cut off", "times empty", "no seconds", "no timescale"),
    ],
)
def test_broken_medium_is_not_measurable(write, content: bytes) -> None:
    with pytest.raises(NotMeasurable):
        seconds_of(write(content))


@pytest.mark.parametrize(
    "times",
    [
        b"\0" * 12 + struct.pack(">II", 1000, 2**32 - 1),
        b"\1" + b"\0" * 19 + struct.pack(">IQ", 1, 2**64 - 1),
    ],
    ids=["32 bits", "64 bits"],
)
def test_medium_that_does_not_know_its_length_is_told_from_a_broken_one(
    folder: Path, times: bytes
) -> None:
    medium = folder / "week-1/exercise.m4a"
    medium.write_bytes(box("moov", box("mvhd", times + bytes(80))))

    with pytest.raises(OfUnknownLength):
        seconds_of(medium)
    assert faults(folder) == [
        "week-1/module.toml, line 42: “exercise.m4a” does not say how long it lasts. "
        "Export it once more, as a finished file."
    ]


@pytest.mark.parametrize("length", [100, 9000])
def test_medium_that_was_cut_off_is_named(folder: Path, length: int) -> None:
    medium = folder / "week-1/video.mp4"
    medium.write_bytes(medium.read_bytes()[:length])
    lock(folder)

    assert faults(folder) == [
        "week-1/module.toml, line 13: How long “video.mp4” lasts cannot be read. "
        "Build it again, or copy it again."
    ]
