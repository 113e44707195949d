"""The build knows what there is to build, and what has changed since it was built."""

from pathlib import Path

import pytest

from content.build.course import CourseError, Medium, scripted_media
from content.build.lock import LockError, read_lock, write_lock
from content.build.script import ScriptError
from tests.content.reading import COURSE
from tests.courses.folders import change, course_folder


@pytest.fixture
def video(tmp_path: Path) -> Medium:
    folder = course_folder(tmp_path / "small", weeks=1)
    return scripted_media(folder)[0]


def test_video_is_five_files_and_a_recording_three(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "small", weeks=1)
    change(folder / "week-1/module.toml", "duration = 4.0", 'duration = 4.0\nscript = "a.md"')
    video, exercise = scripted_media(folder)

    assert [video.text(field) for field in video.written()] == [
        *("video.mp4", "video.vtt", "video.transcript.vtt", "video.chapters.vtt", "video.jpg")
    ]
    assert [exercise.text(field) for field in exercise.written()] == [
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


def test_line_ends_and_invisible_marks_leave_the_fingerprint(video: Medium) -> None:
    before = video.fingerprint()

    script = video.path("script")
    script.write_bytes(b"\xef\xbb\xbf" + script.read_bytes().replace(b"\n", b"\r\n"))

    assert video.fingerprint() == before


@pytest.mark.parametrize("field", ["file", "captions", "transcript", "chapters", "poster"])
def test_file_that_has_gone_or_was_changed_is_no_longer_as_built(video: Medium, field: str) -> None:
    built = video.record()

    video.path(field).write_bytes(b"WEBVTT\n")
    changed = video.record()
    video.path(field).unlink()

    assert changed != built
    assert video.record() == {name: sha256 for name, sha256 in built.items() if name != field}


def test_what_was_built_is_remembered_from_one_run_to_the_next(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == {}

    write_lock(tmp_path, {"week-2/video": {"file": "b"}, "week-1/video": {"file": "a"}})

    assert read_lock(tmp_path) == {"week-1/video": {"file": "a"}, "week-2/video": {"file": "b"}}
    assert [path.name for path in tmp_path.iterdir()] == ["media.lock.json"]


def test_torn_record_of_what_was_built_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "media.lock.json").write_text('{\n"week-1/video": {', "utf-8")

    with pytest.raises(LockError) as refused:
        read_lock(tmp_path)

    assert str(refused.value) == (
        f"{tmp_path}/media.lock.json, line 2: This cannot be read as a record of what was built. "
        "Take it from the last commit, and run make content."
    )


def test_medium_in_a_record_from_an_older_version_is_built_again(video: Medium) -> None:
    (video.folder.parent / "media.lock.json").write_text('{"week-1/video": "5e1f"}', "utf-8")

    assert read_lock(video.folder.parent) == {"week-1/video": {}}
    assert video.record() != {}


def test_starter_courses_record_holds_what_each_medium_was_built_from() -> None:
    lock = read_lock(COURSE)

    assert sorted(lock) == sorted(medium.name for medium in scripted_media(COURSE))
    assert all("made_from" in built and "file" in built for built in lock.values())


def test_tenth_week_is_built_after_the_second(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "long", weeks=10)

    assert [medium.name for medium in scripted_media(folder)][-2:] == [
        "week-9/video",
        "week-10/video",
    ]


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"There is no folder .*/none\."):
        scripted_media(tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = 1\n[[material", ", line 2: Close the brackets on this line, like [[material]]."),
        (b'a = "b\n', ", line 1: The text on this line does not end."),
        (b"# \xe9", ": This is not text in UTF-8. Save it as UTF-8."),
        (b"a = [" + b"[" * 5000, ": This cannot be read: "),
        (b"material = 3", ": “material” must be written as [[material]]."),
    ],
)
def test_week_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    folder = course_folder(tmp_path / "small", weeks=1)
    (folder / "week-1/module.toml").write_bytes(content)

    with pytest.raises(CourseError) as refused:
        scripted_media(folder)

    assert str(refused.value).startswith(f"{folder}/week-1/module.toml{said}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('kind = "video"\n', ""),
        ('kind = "video"', "kind = 5"),
        ('kind = "video"', 'kind = "handout"'),
        ('script = "video.md"', "script = 5"),
    ],
)
def test_what_is_no_medium_is_not_built(tmp_path: Path, old: str, new: str) -> None:
    folder = course_folder(tmp_path / "small", weeks=1)
    change(folder / "week-1/module.toml", old, new)

    assert scripted_media(folder) == []
