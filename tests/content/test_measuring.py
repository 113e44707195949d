"""A medium of a folder that is broken, or does not know its length, is named with its line."""

import struct
from pathlib import Path

import pytest

from content.check.course import faults
from tests.courses.folders import lock
from tests.courses_files.media import box, mp4

UNKNOWN = (
    b"\0" * 12 + struct.pack(">II", 1000, 2**32 - 1) + bytes(80),
    b"\1" + b"\0" * 19 + struct.pack(">IQ", 1, 2**64 - 1) + bytes(80),
)


@pytest.mark.parametrize("header", UNKNOWN, ids=["32 bits", "64 bits"])
def test_medium_that_does_not_know_its_length_is_told_from_a_broken_one(
    folder: Path, header: bytes
) -> None:
    medium = folder / "week-1/exercise.m4a"
    medium.write_bytes(mp4(tracks=[("soun", "mp4a")], mvhd=box("mvhd", header)))

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
