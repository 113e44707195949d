"""The build knows what there is to build, and what has changed since it was built."""

from pathlib import Path

import pytest

from content.build.course import Medium, read_lock, scripted_media, set_duration, write_lock
from content.build.script import ScriptError
from tests.courses.folders import change, course_folder

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
def video(tmp_path: Path) -> Medium:
    folder = course_folder(tmp_path / "small", weeks=1)
    return scripted_media(folder)[0]


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


def test_video_is_five_files_and_a_recording_three(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "small", weeks=1)
    change(folder / "week-1/module.toml", "duration = 4.0", 'duration = 4.0\nscript = "a.md"')
    video, exercise = scripted_media(folder)

    assert [path.name for path in video.outputs()] == [
        *("video.mp4", "video.vtt", "video.transcript.vtt", "video.chapters.vtt", "video.jpg")
    ]
    assert [path.name for path in exercise.outputs()] == [
        *("exercise.m4a", "exercise.vtt", "exercise.transcript.vtt")
    ]


def test_changed_words_change_the_fingerprint(video: Medium) -> None:
    before = video.fingerprint()

    change(video.path("script"), "Hello, and welcome.", "Welcome.")

    assert video.fingerprint() != before


def test_changed_drawing_changes_the_fingerprint(video: Medium) -> None:
    before = video.fingerprint()

    change(video.folder.parent / "figures/circle.svg", 'r="4"', 'r="3"')

    assert video.fingerprint() != before


def test_script_that_cannot_be_read_has_no_fingerprint(video: Medium) -> None:
    change(video.path("script"), "[pause 1s]", "[pause]")

    with pytest.raises(ScriptError):
        video.fingerprint()


def test_what_was_built_is_remembered_from_one_run_to_the_next(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == {}

    write_lock(tmp_path, {"week-2/video": "b", "week-1/video": "a"})

    assert read_lock(tmp_path) == {"week-1/video": "a", "week-2/video": "b"}
