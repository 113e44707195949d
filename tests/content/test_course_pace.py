"""The starter course's media last as long as was meant, and its exercises are read unhurriedly."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.content.reading import cues, materials, named

BREATH = 1.0  # seconds of rest after each spoken sentence; what lies beyond is a pause
LONG = [pair for pair in materials() if pair[1]["key"] in ("video", "exercise")]
SHORT = [pair for pair in materials() if pair[1]["key"] == "exercise-short"]


def words_a_minute(captions: Path) -> float:
    """Over the time in which a word sounds, with the breath after each sentence."""
    timed = cues(captions)
    sounding = sum(cue.end - cue.start for cue in timed)
    breaths = sum(min(after.start - cue.end, BREATH) for cue, after in pairwise(timed)) + BREATH
    return sum(len(cue.text.split()) for cue in timed) / (sounding + breaths) * 60


@pytest.mark.parametrize(("week", "material"), **named(LONG))
def test_video_and_long_exercise_last_eight_to_twelve_minutes(
    week: Path, material: dict[str, Any]
) -> None:
    assert 480 <= material["duration"] <= 720


@pytest.mark.parametrize(("week", "material"), **named(SHORT))
def test_short_exercise_lasts_two_to_four_minutes(week: Path, material: dict[str, Any]) -> None:
    assert 120 <= material["duration"] <= 240


@pytest.mark.parametrize(("week", "material"), **named(materials("exercise")))
def test_exercise_is_read_slower_than_news(week: Path, material: dict[str, Any]) -> None:
    assert 120 <= words_a_minute(week / material["captions"]) <= 140


@pytest.mark.parametrize(("week", "material"), **named(materials("video")))
def test_video_has_three_to_five_chapters_that_cover_it(
    week: Path, material: dict[str, Any]
) -> None:
    chapters = cues(week / material["chapters"])

    assert 3 <= len(chapters) <= 5
    assert chapters[0].start == 0
    assert all(one.end == following.start for one, following in pairwise(chapters))
    assert chapters[-1].end == pytest.approx(material["duration"], abs=0.1)
