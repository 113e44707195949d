"""A script that cannot be built from, or was not, is said with its file and line."""

from pathlib import Path

import pytest

from content.check.course import faults
from tests.courses.folders import change

MODULE = "week-1/module.toml"
SCRIPT = "week-1/video.md"
EMPTY_BOX = b"\0\0\0\x08free"  # at the end of an MP4 file, it changes nothing that plays
BUILT_FROM_ANOTHER = (
    "week-1/module.toml, line 18: video.mp4 was built from another wording of video.md. "
    "Run make content."
)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "[pause 1s]",
            "[pause one second]",
            "line 6: “[pause one second]” cannot be read. Write [pause 8s] or [point].",
        ),
        (
            "[pause 1s]",
            "[pause 1s",
            "line 6: There is a “[” here that no “]” closes on its line. Close it, or take it out.",
        ),
        (
            "[pause 1s]",
            "[pause 900s]",
            "line 6: A pause of 900 s: write between 0.5 and 120 seconds.",
        ),
        (
            "> - You can stop",
            "> - You can stop [pause 1s]",
            "line 9: “[pause 1s]” is not read on a slide. Put it among the spoken words.",
        ),
        (
            "## Hello",
            "# Hello",
            "line 1: “# Hello” cannot be read. A chapter begins with ## and its title alone.",
        ),
        (
            "> ### Gently\n",
            "",
            "line 8: This slide has no title. Begin it with > ### and its title.",
        ),
        (
            "[point] ",
            "",
            "line 8: This slide has 1 point, and 0 [point] marks after it. Make them as many.",
        ),
        (
            "Before we begin: ",
            "",
            "line 11: There are no words between this and the slide or point before it, "
            "so nobody would see that. Put words or a pause between them.",
        ),
        (
            "circle.svg",
            "square.svg",
            "line 4: There is no picture “../figures/square.svg”. Draw it, or name another.",
        ),
        (
            "> ### Welcome\n> ![A soft circle](../figures/circle.svg)\n\n",
            "",
            "line 5: There is no slide for this [point]. Put one above it, or take the mark out.",
        ),
    ],
)
def test_fault_of_a_script_is_said_with_its_line(
    folder: Path, old: str, new: str, said: str
) -> None:
    if "no slide" in said:
        change(folder / SCRIPT, "> ### Gently\n> - You can stop\n\n", "")
    change(folder / SCRIPT, old, new)

    assert faults(folder) == [f"{SCRIPT}, {said}"]


@pytest.mark.parametrize("field", ["chapters", "poster"])
def test_built_video_names_all_that_is_built(folder: Path, field: str) -> None:
    path = folder / MODULE
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(field)), "utf-8")

    assert faults(folder) == [
        f"week-1/module.toml, line 9: “{field}” is missing. "
        "Name the file that is built from the script."
    ]


def test_video_that_shows_nothing_is_refused(folder: Path) -> None:
    (folder / SCRIPT).write_text("Words alone.\n", "utf-8")

    assert faults(folder) == [
        f"{SCRIPT}, line 1: A video needs a chapter (## Title) and a slide (> ### Title)."
    ]


@pytest.mark.parametrize("text", ["\n \n", "[pause 5s]\n", "> ### Rest\n\n[pause 5s]\n"])
def test_script_without_words_is_refused(folder: Path, text: str) -> None:
    (folder / SCRIPT).write_text(text, "utf-8")

    assert faults(folder) == [
        f"{SCRIPT}, line 1: There are no words to speak in this script. Write some."
    ]


def test_what_no_recording_can_show_is_refused(folder: Path) -> None:
    change(folder / MODULE, "duration = 4.0", 'duration = 4.0\nscript = "video.md"')

    assert faults(folder) == [
        f"{SCRIPT}, line 1: A recording shows no chapters. Take this one out.",
        f"{SCRIPT}, line 3: A recording shows no slides. Take this one out.",
        f"{SCRIPT}, line 8: A recording shows no slides. Take this one out.",
    ]


def test_medium_that_was_built_from_other_words_is_named(folder: Path) -> None:
    change(folder / SCRIPT, "Hello, and welcome.", "Welcome.")

    assert faults(folder) == [BUILT_FROM_ANOTHER]


def test_medium_that_was_built_with_another_drawing_is_named(folder: Path) -> None:
    change(folder / "figures/circle.svg", 'r="4"', 'r="3"')

    assert faults(folder) == [
        BUILT_FROM_ANOTHER,
        BUILT_FROM_ANOTHER.replace("week-1", "week-2"),
    ]


def test_script_that_is_no_text_is_named(folder: Path) -> None:
    (folder / SCRIPT).write_bytes(b"\xff\xfe\x00")

    assert faults(folder) == [f"{SCRIPT}, line 1: This is not text in UTF-8. Save it as UTF-8."]


@pytest.mark.parametrize(
    ("torn", "where"),
    [
        (b'{\n<<<<<<< HEAD\n "week-1/video": {}\n}', ", line 2"),
        (b"[]", ""),
        (b"null", ""),
        (b'{"week-1/video": 51}', ""),
        ("{}".encode("utf-16"), ""),
    ],
)
def test_record_of_what_was_built_may_be_torn(folder: Path, torn: bytes, where: str) -> None:
    (folder / "media.lock.json").write_bytes(torn)

    assert faults(folder) == [
        f"media.lock.json{where}: This cannot be read as a record of what was built. "
        "Take it from the last commit, and run make content."
    ]


def test_record_of_what_was_built_may_be_from_an_older_version(folder: Path) -> None:
    (folder / "media.lock.json").write_text('{"week-1/video": "5e1f"}', "utf-8")

    assert faults(folder) == [
        "media.lock.json: This record of what was built is from an older version. Run make content."
    ]


def test_record_of_what_was_built_may_be_a_folder(folder: Path) -> None:
    (folder / "media.lock.json").unlink()
    (folder / "media.lock.json").mkdir()

    assert faults(folder) == [
        "media.lock.json: This cannot be read as a record of what was built. "
        "Take it from the last commit, and run make content."
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [(13, "video.mp4"), (14, "video.vtt"), (15, "video.transcript.vtt"), (17, "video.jpg")],
)
def test_file_that_was_put_in_the_place_of_a_built_one_is_named(
    folder: Path, line: int, name: str
) -> None:
    path = folder / "week-1" / name
    other = path.read_bytes().replace(b"Hello", b"Hallo")
    path.write_bytes(other if name.endswith(".vtt") else other + EMPTY_BOX)

    assert faults(folder) == [
        f"{MODULE}, line {line}: {name} is not the file that was built from video.md. "
        "Run make content."
    ]


def test_line_ends_and_invisible_marks_are_no_other_wording(folder: Path) -> None:
    for name in ("video.md", "video.vtt", "video.transcript.vtt", "video.chapters.vtt"):
        path = folder / "week-1" / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert faults(folder) == []


def test_names_may_have_spaces_around_them(folder: Path) -> None:
    for name in ("video.md", "video.mp4", "video.vtt"):
        change(folder / MODULE, f'"{name}"', f'" {name} "')

    assert faults(folder) == []


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("", "line 9: “kind” is missing. Write it."),
        (
            'kind = "film"\n',
            "line 11: “film” is no kind of material. Choose: video, handout, exercise.",
        ),
        ("kind = 5\n", "line 11: “kind” must be text between quotation marks."),
    ],
)
def test_script_of_what_has_no_kind_is_not_looked_at(folder: Path, new: str, said: str) -> None:
    change(folder / MODULE, 'kind = "video"\n', new)

    assert f"{MODULE}, {said}" in faults(folder)
    assert [fault for fault in faults(folder) if "video.md" in fault] == []


def test_kind_may_have_spaces_around_it(folder: Path) -> None:
    change(folder / MODULE, 'kind = "video"', 'kind = " video "')

    assert faults(folder) == []


def test_script_of_a_handout_is_not_looked_at(folder: Path) -> None:
    change(folder / MODULE, 'body = "handout.md"', 'body = "handout.md"\nscript = "handout.md"')

    assert faults(folder) == []
