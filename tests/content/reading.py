"""Reads what the tests look at, with Python alone: WebVTT, and the boxes of an MP4 file."""

import re
import struct
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COURSE = Path(__file__).parents[2] / "content" / "self-compassion"
WEEKS = sorted(path.parent for path in COURSE.glob("week-*/module.toml"))
TIMING = re.compile(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})")


@dataclass(frozen=True)
class Cue:
    """Text from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


def materials(kind: str = "") -> list[tuple[Path, dict[str, Any]]]:
    """Each week's folder with each of its materials; of one kind, if one is named."""
    found = []
    for week in WEEKS:
        module = tomllib.loads((week / "module.toml").read_text("utf-8"))
        found += [(week, each) for each in module["material"] if kind in ("", each["kind"])]
    return found


def named(pairs: list[tuple[Path, dict[str, Any]]]) -> dict[str, Any]:
    """What pytest.mark.parametrize needs to call each case week-1/video."""
    return {"argvalues": pairs, "ids": [f"{week.name}/{each['key']}" for week, each in pairs]}


def words(text: str) -> list[str]:
    """The words of a text, without its marks."""
    return re.findall(r"[A-Za-z0-9’']+", text)


def cues(path: Path) -> list[Cue]:
    """A WebVTT file's cues; ValueError where one cannot be read."""
    head, *blocks = path.read_text("utf-8").strip().split("\n\n")
    if head != "WEBVTT":
        raise ValueError(f"{path} does not begin with WEBVTT")
    return [_cue(block) for block in blocks]


def _cue(block: str) -> Cue:
    timing, text = block.split("\n", 1)
    found = TIMING.fullmatch(timing)
    if not found:
        raise ValueError(f"not a cue's times: {timing}")
    at = [float(part) for part in found.groups()]
    start, end = at[0] * 3600 + at[1] * 60 + at[2], at[3] * 3600 + at[4] * 60 + at[5]
    return Cue(start, end, text)


def boxes(data: bytes) -> list[tuple[str, bytes]]:
    """The boxes of an MP4 file, or inside one of its boxes, in order: name and content."""
    found, at = [], 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        found.append((name.decode("latin-1"), data[at + 8 : at + size]))
        at += size
    return found


def seconds_of(path: Path) -> float:
    """How long an MP4 file says that it lasts: duration / timescale of moov/mvhd."""
    moov = dict(boxes(path.read_bytes()))["moov"]
    mvhd = dict(boxes(moov))["mvhd"]
    if mvhd[0] == 1:
        timescale, duration = struct.unpack_from(">IQ", mvhd, 20)
    else:
        timescale, duration = struct.unpack_from(">II", mvhd, 12)
    return float(duration / timescale)
