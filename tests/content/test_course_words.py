"""The starter course's words: on every way to take it the same, kind, and not too many."""

import re
from pathlib import Path
from typing import Any

import pytest

from content.build.script import Paragraph, read_script
from content.check.handouts import words
from tests.content.reading import COURSE, cues, materials, named

MEDIA = [pair for pair in materials() if pair[1]["kind"] != "handout"]
HANDOUTS = materials("handout")
SAFETY = (
    "you can stop at any time.",
    "your eyes may stay open.",
    "feel your feet on the floor, or look at one thing in the room.",
    "please do not listen while driving.",
)
HURRYING = r"\b(should|must|only|still|overdue|streak|behind|you missed|failed?)\b"


@pytest.mark.parametrize(("week", "material"), **named(MEDIA))
def test_captions_and_transcript_say_every_word_of_the_script(
    week: Path, material: dict[str, Any]
) -> None:
    blocks = read_script(week / material["script"]).blocks
    shown = [block.shown for block in blocks if isinstance(block, Paragraph)]
    spoken = [paragraph for paragraph in shown if paragraph]

    assert [cue.text for cue in cues(week / material["transcript"])] == spoken
    captions = " ".join(cue.text for cue in cues(week / material["captions"]))
    assert captions.split() == " ".join(spoken).split()


@pytest.mark.parametrize(("week", "material"), **named(materials("exercise")))
def test_exercise_opens_with_the_words_that_keep_people_safe(
    week: Path, material: dict[str, Any]
) -> None:
    script = (week / material["script"]).read_text("utf-8")
    opening = " ".join(script.split("\n\n")[0].split()).lower()

    assert [promise for promise in SAFETY if promise not in opening] == []


@pytest.mark.parametrize(("week", "material"), **named(HANDOUTS))
def test_handout_fills_a_page_and_fits_on_two(week: Path, material: dict[str, Any]) -> None:
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
