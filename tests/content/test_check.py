"""Whatever is wrong with a course folder is said with its file, its line and what to do; no more."""

from pathlib import Path

import pytest

from content.check.course import faults
from tests.content.reading import COURSE
from tests.courses.folders import change, course_folder, lock

MODULE = "week-1/module.toml"
CAPTIONS = "week-1/video.vtt"
SCRIPT = "week-1/video.md"
OVERLAP = (
    "This begins at 1.2 s, before the one above it has ended, at 1.5 s. "
    "Let it begin later, or the one above end sooner."
)


def test_sound_folder_has_no_fault(folder: Path) -> None:
    assert faults(folder) == []


def test_starter_course_has_no_fault() -> None:
    assert faults(COURSE) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'file = "video.mp4"',
            'file = "film.mp4"',
            "line 13: There is no file “film.mp4”. It is built from the script: run make content.",
        ),
        (
            'script = "video.md"',
            'script = "film.md"',
            "line 18: There is no file “film.md” in week-1. Add it, or take this line out.",
        ),
        (
            'script = "video.md"',
            'script = "video.vtt"',
            "line 18: “video.vtt” is of the wrong type. Here it can be: .md.",
        ),
        (
            "duration = 3.0",
            "duration = 4.5",
            "line 19: “duration” says 4.5 s, but video.mp4 lasts 3.0 s. Write 3.0.",
        ),
        (
            "duration = 2\n",
            'duration = "two"\n',
            "line 35: “duration” must be a number of seconds above 0, like 312.5.",
        ),
        (
            'alternative_to = "exercise"',
            'alternative_to = "exercize"',
            "line 36: There is no material “exercize” in this week. "
            "Choose: video, handout, exercise.",
        ),
        (
            "[[practice]]",
            "[[practice",
            "line 5: Close the brackets on this line, like [[material]].",
        ),
    ],
)
def test_fault_of_a_week_is_said_with_its_line(folder: Path, old: str, new: str, said: str) -> None:
    change(folder / MODULE, old, new)

    assert faults(folder) == [f"{MODULE}, {said}"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("WEBVTT\n", "WEBVT\n", "line 1: The file must begin with the word WEBVTT."),
        (
            "00:00:01.500 -->",
            "00:00:01.200 -->",
            f"line 7: {OVERLAP}",
        ),
        (
            "--> 00:00:02.000",
            "--> 00:00:03.900",
            "line 7: This ends at 3.9 s, but video.mp4 lasts 3.0 s.",
        ),
        (
            "welcome.\n",
            "you are\nwelcome.\n",
            "line 3: This caption has 3 lines. Two lines of 42 characters are read in time.",
        ),
        (
            "stop at any time.",
            "stop whenever that feels right to you.",
            "line 7: This caption has a line of 46. Two lines of 42 characters are read in time.",
        ),
    ],
)
def test_fault_of_captions_is_said_with_its_line(
    folder: Path, old: str, new: str, said: str
) -> None:
    change(folder / CAPTIONS, old, new)
    lock(folder)

    assert faults(folder) == [f"{CAPTIONS}, {said}"]


@pytest.mark.parametrize("name", ["video.transcript.vtt", "video.chapters.vtt"])
def test_transcript_and_chapters_may_have_long_lines_but_end_with_their_medium(
    folder: Path, name: str
) -> None:
    change(folder / "week-1" / name, "welcome.", "welcome to a line that is longer than a caption.")
    lock(folder)
    assert faults(folder) == []

    change(folder / "week-1" / name, "--> 00:00:02.000", "--> 00:00:03.900")
    lock(folder)
    assert faults(folder) == [
        f"week-1/{name}, line 7: This ends at 3.9 s, but video.mp4 lasts 3.0 s."
    ]


def test_file_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "week-2/exercise.vtt").unlink()

    assert faults(folder) == [
        "week-2/module.toml, line 43: There is no file “exercise.vtt” in week-2. "
        "Add it, or take this line out."
    ]


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path / "none") == [f"There is no folder {tmp_path / 'none'}."]


def test_handout_over_two_pages_names_the_line_where_the_third_begins(folder: Path) -> None:
    (folder / "week-1/handout.md").write_text("word\n" * 901, "utf-8")

    assert faults(folder) == [
        "week-1/handout.md, line 901: This handout has 901 words, and two printed pages hold 900. "
        "Shorten it."
    ]


def test_handout_may_fill_two_pages(folder: Path) -> None:
    (folder / "week-1/handout.md").write_text("It’s – well-known:\n" * 300, "utf-8")

    assert faults(folder) == []


@pytest.mark.parametrize(("declared", "passes"), [("3.9", True), ("4.1", False)])
def test_duration_within_a_second_passes(folder: Path, declared: str, passes: bool) -> None:
    change(folder / MODULE, "duration = 3.0", f"duration = {declared}")

    assert (faults(folder) == []) is passes


@pytest.mark.parametrize(("end", "passes"), [("03.100", True), ("03.101", False)])
def test_cue_may_end_with_its_medium(folder: Path, end: str, passes: bool) -> None:
    change(folder / CAPTIONS, "--> 00:00:02.000", f"--> 00:00:{end}")
    lock(folder)

    assert (faults(folder) == []) is passes


def test_medium_that_cannot_be_measured_holds_its_cues_to_what_it_is_said_to_last(
    folder: Path,
) -> None:
    medium = folder / "week-1/exercise.m4a"
    medium.write_bytes(medium.read_bytes()[:100])
    change(folder / MODULE, "duration = 4.0", "duration = 1.8")
    lock(folder)

    assert faults(folder) == [
        f"{MODULE}, line 42: How long “exercise.m4a” lasts cannot be read. "
        "Build it again, or copy it again.",
        *(
            f"week-1/exercise{suffix}, line 7: This ends at 2 s, but exercise.m4a lasts 1.8 s."
            for suffix in (".transcript.vtt", ".vtt")
        ),
    ]


def test_program_under_the_name_of_a_film_is_told(folder: Path) -> None:
    (folder / "week-1/video.mp4").write_bytes(b"MZ\x90\0" + bytes(2000))
    lock(folder)

    assert faults(folder) == [
        f"{MODULE}, line 13: “video.mp4”: Whatever this file is called, it is of none of the types "
        "that can be used here."
    ]


def test_every_fault_is_said_at_once_in_the_order_of_files_and_lines(folder: Path) -> None:
    change(folder / "week-2/module.toml", "duration = 4.0", "duration = 9.0")
    change(folder / "week-2/module.toml", 'file = "video.mp4"', 'file = "film.mp4"')
    change(folder / SCRIPT, "[pause 1s]", "[pause]")
    change(folder / CAPTIONS, "00:00:01.500 -->", "00:00:01.200 -->")

    assert faults(folder) == [
        f"{SCRIPT}, line 6: “[pause]” cannot be read. Write [pause 8s] or [point].",
        f"{CAPTIONS}, line 7: {OVERLAP}",
        "week-2/module.toml, line 13: There is no file “film.mp4”. It is built from the script: run make content.",
        "week-2/module.toml, line 45: “duration” says 9.0 s, but exercise.m4a lasts 4.0 s. "
        "Write 4.0.",
    ]


def test_tenth_week_comes_after_the_second(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "long", weeks=10)
    for week in (2, 10):
        (folder / f"week-{week}/handout.md").unlink()

    assert [fault.split("/")[0] for fault in faults(folder)] == ["week-2", "week-10"]


def test_weeks_own_file_is_named_before_what_it_names(folder: Path) -> None:
    change(folder / "week-1/module.toml", "duration = 4.0", "duration = 9.0")
    change(folder / "week-1/exercise.vtt", "00:00:01.500 -->", "00:00:01.200 -->")

    assert [fault.split(",")[0] for fault in faults(folder)] == [MODULE, "week-1/exercise.vtt"]


def test_one_mistake_in_many_captions_is_one_line(folder: Path) -> None:
    (folder / "week-1/exercise.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:05.000\nOne.\n\n00:02.000 --> 00:06.000\nTwo.\n\n"
        "00:03.000 --> 00:07.000\nThree.\n",
        "utf-8",
    )

    captions = "week-1/exercise.vtt, line"
    assert faults(folder) == [
        f"{captions} 3: This ends at 5 s, but exercise.m4a lasts 4.0 s. (And 2 more below.)",
        f"{captions} 6: This begins at 2 s, before the one above it has ended, at 5 s. "
        "Let it begin later, or the one above end sooner. (And 1 more below.)",
    ]


def test_captions_that_begin_after_their_medium_are_said_once(folder: Path) -> None:
    change(folder / "week-1/exercise.vtt", "01.500 --> 00:00:02.000", "09.500 --> 00:00:10.000")

    assert faults(folder) == [
        "week-1/exercise.vtt: The last words begin at 9.5 s, but the medium lasts 4.0 s."
    ]


def test_medium_in_the_place_of_the_one_that_was_built_is_said_once(folder: Path) -> None:
    for name in ("exercise", "exercise-short"):
        (folder / f"week-1/{name}.md").write_text("Hello.\n", "utf-8")
        new = f'file = "{name}.m4a"\nscript = "{name}.md"'
        change(folder / MODULE, f'file = "{name}.m4a"', new)
    lock(folder)
    short, long = folder / "week-1/exercise-short.m4a", folder / "week-1/exercise.m4a"
    one, other = short.read_bytes(), long.read_bytes()
    short.write_bytes(other)
    long.write_bytes(one)

    said = "is not the file that was built from"
    assert faults(folder) == [
        f"{MODULE}, line 32: exercise-short.m4a {said} exercise-short.md. Run make content.",
        f"{MODULE}, line 43: exercise.m4a {said} exercise.md. Run make content.",
    ]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (
            'kind = "Handout"\n',
            "line 23: “Handout” is no kind of material. Choose: video, handout, exercise.",
        ),
        ("", "line 21: “kind” is missing. Write it."),
    ],
)
def test_of_an_unknown_kind_nothing_else_is_said(folder: Path, new: str, said: str) -> None:
    change(folder / MODULE, 'kind = "handout"\n', new)

    assert faults(folder) == [f"{MODULE}, {said}"]


def test_of_a_folder_that_is_not_read_as_a_week_nothing_else_is_said(folder: Path) -> None:
    (folder / "week-2").rename(folder / "week-2 ")

    assert faults(folder) == ["week-2 : “week-2 ” is not read. Call this week’s folder week-2."]
