"""The starter course is what it says it is: four whole weeks that fit into the repository.

That its files are there and fit together is said by content.check, for any course.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from courses.inspection.boxes import boxes
from courses.inspection.parts import Whole
from tests.content.reading import COURSE, WEEKS, materials, named

MEDIA = [pair for pair in materials() if pair[1]["kind"] != "handout"]
BUILT = {"file", "captions", "transcript", "script", "duration"}


def test_course_says_what_it_is_and_who_may_use_it() -> None:
    course = tomllib.loads((COURSE / "course.toml").read_text("utf-8"))

    assert course["slug"] == "self-compassion"
    assert course["language"] == "en-GB"
    assert course["licence"] == "CC BY 4.0"
    assert "not the course studied in the paper" in course["authorship"]


def test_course_has_four_weeks() -> None:
    assert [week.name for week in WEEKS] == ["week-1", "week-2", "week-3", "week-4"]


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: week.name)
def test_week_has_a_video_a_handout_and_a_long_and_a_short_exercise(week: Path) -> None:
    found = [each for folder, each in materials() if folder == week]

    assert [(each["kind"], each["key"], each.get("alternative_to")) for each in found] == [
        ("video", "video", None),
        ("handout", "handout", None),
        ("exercise", "exercise", None),
        ("exercise", "exercise-short", "exercise"),
    ]


@pytest.mark.parametrize(("week", "material"), **named(MEDIA))
def test_every_medium_is_built_and_has_words_to_read(week: Path, material: dict[str, Any]) -> None:
    of_videos = {"chapters", "poster"} if material["kind"] == "video" else set()

    assert {*BUILT, "key", "kind", "title", "summary"} | of_videos == set(material) - {
        "alternative_to"
    }


@pytest.mark.parametrize(("week", "material"), **named(MEDIA))
def test_medium_plays_while_it_loads(week: Path, material: dict[str, Any]) -> None:
    path = week / material["file"]
    with path.open("rb") as file:
        order = [box.name for box in boxes(Whole.of(file))]

    assert order.index("moov") < order.index("mdat")


def test_media_together_stay_small_enough_for_the_repository() -> None:
    paths = [
        week / each[field] for week, each in MEDIA for field in ("file", "poster") if field in each
    ]

    assert sum(path.stat().st_size for path in paths) <= 60_000_000
