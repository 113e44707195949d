"""The starter course as its tests look at it: each week's materials and their timed text."""

import tomllib
from pathlib import Path
from typing import Any

from courses import webvtt
from courses.webvtt import Cue

COURSE = Path(__file__).parents[2] / "content" / "self-compassion"
WEEKS = sorted(path.parent for path in COURSE.glob("week-*/module.toml"))


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


def cues(path: Path) -> list[Cue]:
    """A WebVTT file's cues."""
    return webvtt.parse(path.read_text("utf-8"))
