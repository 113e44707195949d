"""What would stop a build in its midst is said before time is spent on it, with file and line."""

from pathlib import Path

import pytest

from content.build.before import refuse_faults, refuse_too_long
from content.build.course import CourseError, scripted_media
from tests.courses.folders import change, course_folder

MODULE = "week-1/module.toml"
SCRIPT = "week-1/video.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return course_folder(tmp_path / "small", weeks=1)


def refused(folder: Path) -> list[str]:
    with pytest.raises(CourseError) as caught:
        refuse_faults(scripted_media(folder))
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def test_sound_folder_is_built(folder: Path) -> None:
    media = scripted_media(folder)

    assert [medium.name for medium in media] == ["week-1/video"]
    refuse_faults(media)


@pytest.mark.parametrize("field", ["key", "file", "captions", "transcript", "chapters", "poster"])
@pytest.mark.parametrize("value", [None, '" "', "5"])
def test_name_that_is_missing_is_asked_for(folder: Path, field: str, value: str | None) -> None:
    head, table, rest = (folder / MODULE).read_text("utf-8").split("[[material]]", 2)
    lines = [line for line in table.splitlines() if not line.startswith(f"{field} =")]
    lines += [f"{field} = {value}"] if value else []
    written = "[[material]]".join([head, "\n".join(lines) + "\n\n", rest])
    (folder / MODULE).write_text(written, "utf-8")

    name = "week-1/" if field == "key" else "week-1/video"
    assert refused(folder) == [
        f"{MODULE}: “{field}” is missing for {name}. Name the file that is built from the script."
    ]


def test_script_in_another_encoding_is_named(folder: Path) -> None:
    (folder / SCRIPT).write_bytes("Übung".encode("latin-1"))

    assert refused(folder) == [f"{SCRIPT}: This is not text in UTF-8. Save it as UTF-8."]


def test_script_that_is_not_there_is_named(folder: Path) -> None:
    (folder / SCRIPT).unlink()

    assert refused(folder) == [f"{SCRIPT}: This cannot be read: No such file or directory."]


def test_duration_that_cannot_be_written_is_said_beforehand(folder: Path) -> None:
    (folder / MODULE).write_text(
        'material = [{key = "video", kind = "video", script = "video.md", file = "video.mp4", '
        'captions = "a.vtt", transcript = "b.vtt", chapters = "c.vtt", poster = "d.webp"}]\n',
        "utf-8",
    )

    assert refused(folder) == [
        f"{MODULE}: There is no room for the duration of week-1/video. "
        "Write duration = 1.0 on a line of its own below its [[material]]."
    ]


def test_sentence_that_is_too_long_for_the_voice_is_named_with_its_line(folder: Path) -> None:
    change(folder / SCRIPT, "Before we begin", "We are here\nby now. Before\nwe begin")

    with pytest.raises(CourseError) as caught:
        refuse_too_long(scripted_media(folder), lambda text: not text.startswith("Before"))

    assert str(caught.value) == (
        f"{folder}/{SCRIPT}, line 12: This sentence is too long for the voice. Make it two."
    )


def test_voice_is_asked_for_each_sentence_and_what_it_can_say_is_built(folder: Path) -> None:
    asked: list[str] = []

    def can_say(text: str) -> bool:
        asked.append(text)
        return True

    refuse_too_long(scripted_media(folder), can_say)

    (medium,) = scripted_media(folder)
    assert asked == [say.text for say in medium.script().sentences]
    assert len(asked) == 3
