"""Scripts are read as their authors meant them, and captions are cut where a reader would."""

from pathlib import Path

import pytest

from content.build.captions import Cue, caption_cues, split_into_cues, write_vtt
from content.build.course import Medium, scripted_media, set_duration
from content.build.script import (
    Chapter,
    Paragraph,
    Pause,
    Point,
    Say,
    ScriptError,
    Slide,
    read_script,
)

MODULE = """title = "A week"

[[material]]
key = "exercise"
kind = "exercise"
file = "exercise.m4a"
captions = "exercise.vtt"
transcript = "exercise.transcript.vtt"
script = "exercise.md"

[[material]]
key = "exercise-short"
kind = "exercise"
script = "exercise-short.md"
duration = 9.0
"""


@pytest.fixture
def write(tmp_path: Path):
    def write_script(text: str) -> Path:
        path = tmp_path / "exercise.md"
        path.write_text(text, "utf-8")
        return path

    return write_script


def test_sentences_and_pauses_keep_their_order(write) -> None:
    script = read_script(write("Sit down. Breathe in. [pause 8s]\nAnd out. [pause 2.5s]\n"))

    assert script.blocks == [
        Paragraph((Say("Sit down."), Say("Breathe in."), Pause(8), Say("And out."), Pause(2.5)))
    ]


def test_slide_knows_its_title_line_points_and_picture(write) -> None:
    path = write(
        "> ### Threat\n> looks out\n> - for danger\n> ![A circle](../figures/threat.svg)\n"
    )

    assert read_script(path).blocks == [
        Slide(
            "Threat",
            "looks out",
            ("for danger",),
            path.parent / "../figures/threat.svg",
            "A circle",
        )
    ]


def test_chapter_and_point_are_marks_and_not_spoken(write) -> None:
    script = read_script(write("## Hello\n\nWelcome. [point] Sit down.\n"))

    assert script.blocks == [
        Chapter("Hello"),
        Paragraph((Say("Welcome."), Point(), Say("Sit down."))),
    ]


def test_pronunciation_is_spoken_but_not_shown(write) -> None:
    (paragraph,) = read_script(write("[Live](/lˈɪv/) in the present.")).blocks

    assert isinstance(paragraph, Paragraph)
    assert paragraph.steps == (Say("[Live](/lˈɪv/) in the present."),)
    assert paragraph.shown == "Live in the present."


@pytest.mark.parametrize("mark", ["[pause 8]", "[pause eight seconds]", "[Pause 8s]", "[slide]"])
def test_mark_that_cannot_be_read_is_named_with_its_line(write, mark: str) -> None:
    path = write(f"First words.\n\nMore words. {mark} The end.\n")

    with pytest.raises(ScriptError) as refused:
        read_script(path)

    assert str(refused.value) == f"{path}:3: cannot read {mark}; write [pause 8s] or [point]"


def test_short_sentence_is_one_caption_on_one_line() -> None:
    assert split_into_cues("Let your shoulders drop.") == ["Let your shoulders drop."]


def test_longer_sentence_breaks_into_two_lines_at_a_comma() -> None:
    assert split_into_cues(
        "Sit or stand in a way that feels steady, and let your face soften."
    ) == ["Sit or stand in a way that feels steady,\nand let your face soften."]


def test_long_sentence_takes_turns_and_loses_no_word() -> None:
    sentence = (
        "Perhaps they made a mistake at work, or shouted at the children, or could not get out of "
        "bed, or heard some news that turned the whole of their week upside down."
    )

    parts = split_into_cues(sentence)

    assert " ".join(parts).split() == sentence.split()
    assert max(len(line) for part in parts for line in part.split("\n")) <= 42
    assert max(part.count("\n") for part in parts) <= 1


def test_captions_of_a_sentence_share_its_time_without_a_gap() -> None:
    first, second = caption_cues("word " * 19 + "word", start=10, end=20)

    assert first.start == 10
    assert first.end == second.start == pytest.approx(15, abs=0.5)
    assert second.end == pytest.approx(20)


def test_cues_are_written_as_webvtt(tmp_path: Path) -> None:
    write_vtt(tmp_path / "a.vtt", [Cue(0, 1.5, "One."), Cue(3661.25, 3662, "Two,\nlines.")])

    assert (tmp_path / "a.vtt").read_text("utf-8") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nOne.\n\n"
        "01:01:01.250 --> 01:01:02.000\nTwo,\nlines.\n"
    )


def test_duration_is_written_into_its_own_material_alone(tmp_path: Path) -> None:
    week = tmp_path / "week-1"
    week.mkdir()
    (week / "module.toml").write_text(MODULE, "utf-8")
    long, short = scripted_media(tmp_path)

    set_duration(long, 601.25)
    set_duration(short, 226.2)

    assert (week / "module.toml").read_text("utf-8") == MODULE.replace(
        'script = "exercise.md"\n', 'script = "exercise.md"\nduration = 601.2\n'
    ).replace("duration = 9.0", "duration = 226.2")


def test_changed_script_changes_the_fingerprint(write) -> None:
    path = write("Breathe in.")
    medium = Medium(path.parent, {"key": "exercise", "kind": "exercise", "script": path.name})
    before = medium.fingerprint()

    path.write_text("Breathe out.", "utf-8")

    assert medium.fingerprint() != before
