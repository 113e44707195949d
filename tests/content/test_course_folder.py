"""The starter course is whole: its files are there, fit their media, and keep their promises."""

import itertools
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from content.build.course import Medium, read_lock
from content.build.script import Paragraph, read_script
from tests.content.reading import COURSE, WEEKS, boxes, cues, materials, named, seconds_of, words

FILES = ("file", "captions", "chapters", "transcript", "poster", "script", "body")
MEDIA = [pair for pair in materials() if "file" in pair[1]]
HANDOUTS = materials("handout")
TIMED_TEXTS = [
    pytest.param(week / each[field], each["duration"], id=f"{week.name}/{each[field]}")
    for week, each in MEDIA
    for field in ("captions", "transcript", "chapters")
    if field in each
]
SAFETY = (
    "you can stop at any time.",
    "your eyes may stay open.",
    "feel your feet on the floor, or look at one thing in the room.",
    "please do not listen while driving.",
)
HURRYING = r"\b(should|must|only|still|overdue|streak|behind|you missed|failed?)\b"


def test_course_says_what_it_is_and_who_may_use_it() -> None:
    course = tomllib.loads((COURSE / "course.toml").read_text("utf-8"))

    assert course["slug"] == "self-compassion"
    assert course["language"] == "en-GB"
    assert course["licence"] == "CC BY 4.0"
    assert "not the course studied in the paper" in course["authorship"]


def test_course_has_four_weeks_each_with_a_handout_and_an_exercise() -> None:
    assert [week.name for week in WEEKS] == ["week-1", "week-2", "week-3", "week-4"]
    assert [week for week, _ in HANDOUTS] == WEEKS
    assert sorted({week for week, _ in materials("exercise")}) == WEEKS


@pytest.mark.parametrize(("week", "material"), **named(materials()))
def test_every_file_that_a_material_names_is_there(week: Path, material: dict[str, Any]) -> None:
    absent = [
        material[field]
        for field in FILES
        if field in material and not (week / material[field]).is_file()
    ]

    assert absent == []


@pytest.mark.parametrize("week", WEEKS, ids=lambda week: week.name)
def test_keys_differ_within_a_week_and_alternatives_exist(week: Path) -> None:
    keys = [each["key"] for folder, each in materials() if folder == week]
    alternatives = {
        each.get("alternative_to", keys[0]) for folder, each in materials() if folder == week
    }

    assert len(keys) == len(set(keys))
    assert alternatives <= set(keys)


@pytest.mark.parametrize(("week", "material"), **named(MEDIA))
def test_duration_agrees_with_the_file(week: Path, material: dict[str, Any]) -> None:
    assert seconds_of(week / material["file"]) == pytest.approx(material["duration"], abs=1)


@pytest.mark.parametrize(("week", "material"), **named(MEDIA))
def test_medium_plays_while_it_loads(week: Path, material: dict[str, Any]) -> None:
    order = [name for name, _ in boxes((week / material["file"]).read_bytes())]

    assert order.index("moov") < order.index("mdat")


@pytest.mark.parametrize(("path", "duration"), TIMED_TEXTS)
def test_timed_text_keeps_its_order_and_ends_with_its_medium(path: Path, duration: float) -> None:
    timed = cues(path)

    assert timed != []
    assert all(cue.start < cue.end for cue in timed)
    assert all(one.end <= next_one.start for one, next_one in itertools.pairwise(timed))
    assert timed[-1].end <= duration + 0.1


@pytest.mark.parametrize(("week", "material"), **named(MEDIA))
def test_captions_fit_two_short_lines(week: Path, material: dict[str, Any]) -> None:
    too_big = [
        cue.text
        for cue in cues(week / material["captions"])
        if cue.text.count("\n") > 1 or max(map(len, cue.text.split("\n"))) > 42
    ]

    assert too_big == []


@pytest.mark.parametrize(("week", "material"), **named(MEDIA))
def test_captions_and_transcript_say_every_word_of_the_script(
    week: Path, material: dict[str, Any]
) -> None:
    blocks = read_script(week / material["script"]).blocks
    spoken = [block.shown for block in blocks if isinstance(block, Paragraph)]

    assert [cue.text for cue in cues(week / material["transcript"])] == spoken
    captions = " ".join(cue.text for cue in cues(week / material["captions"]))
    assert captions.split() == " ".join(spoken).split()


@pytest.mark.parametrize(("week", "material"), **named(materials("video")))
def test_video_has_three_to_five_chapters_that_cover_it(
    week: Path, material: dict[str, Any]
) -> None:
    chapters = cues(week / material["chapters"])

    assert 3 <= len(chapters) <= 5
    assert chapters[0].start == 0
    assert chapters[-1].end == pytest.approx(material["duration"], abs=0.1)


@pytest.mark.parametrize(("week", "material"), **named(materials("exercise")))
def test_exercise_opens_with_the_words_that_keep_people_safe(
    week: Path, material: dict[str, Any]
) -> None:
    script = (week / material["script"]).read_text("utf-8")
    opening = " ".join(script.split("\n\n")[0].split()).lower()

    assert [promise for promise in SAFETY if promise not in opening] == []


@pytest.mark.parametrize(("week", "material"), **named(HANDOUTS))
def test_handout_prints_on_two_pages(week: Path, material: dict[str, Any]) -> None:
    assert 600 <= len(words((week / material["body"]).read_text("utf-8"))) <= 900


def test_handouts_together_are_a_short_read() -> None:
    total = sum(len(words((week / each["body"]).read_text("utf-8"))) for week, each in HANDOUTS)

    assert 2500 <= total <= 3500


@pytest.mark.parametrize(("week", "material"), **named(HANDOUTS))
def test_handout_is_plain_markdown_under_the_pages_own_headings(
    week: Path, material: dict[str, Any]
) -> None:
    text = (week / material["body"]).read_text("utf-8")

    assert text.startswith("## The key point\n")
    assert re.findall(r"(?m)^# |<[a-z/]|^\|", text) == []


@pytest.mark.parametrize(
    "path", sorted(COURSE.glob("**/*.md")), ids=lambda path: str(path.relative_to(COURSE))
)
def test_words_neither_hurry_nor_blame(path: Path) -> None:
    assert re.findall(HURRYING, path.read_text("utf-8"), re.IGNORECASE) == []


@pytest.mark.parametrize(("week", "material"), **named(MEDIA))
def test_medium_was_built_from_the_script_that_is_here(
    week: Path, material: dict[str, Any]
) -> None:
    medium = Medium(week, material)

    assert read_lock(COURSE)[medium.name] == medium.fingerprint()


def test_media_together_stay_small_enough_for_the_repository() -> None:
    assert sum((week / each["file"]).stat().st_size for week, each in MEDIA) <= 60_000_000
