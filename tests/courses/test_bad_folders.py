"""Whatever is wrong with a folder is said in a sentence that names file and line; nothing is saved."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.loading import CourseFolderError, load_course
from courses.models import Course, Edition
from tests.courses.folders import change, course_folder

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MODULE = "week-1/module.toml"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return course_folder(tmp_path / "small")


def sentences(folder: Path) -> list[str]:
    with pytest.raises(CourseFolderError) as caught:
        load_course(folder, publish=True, now=NOW)
    assert (Course.objects.count(), Edition.objects.count()) == (0, 0)
    return caught.value.sentences


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'file = "video.mp4"',
            'file = "film.mp4"',
            "line 13: There is no file “film.mp4”. It is built from the script: run make content.",
        ),
        (
            'file = "exercise.m4a"',
            'file = "sound.m4a"',
            "line 42: There is no file “sound.m4a” in week-1. Add it, or take this line out.",
        ),
        (
            'file = "video.mp4"',
            'file = "handout.md"',
            "line 13: “handout.md” is of the wrong type. Here it can be: .mp4, .webm.",
        ),
        (
            'file = "video.mp4"',
            'file = "../../video.mp4"',
            "line 13: “../../video.mp4” lies outside the course folder. Copy it in.",
        ),
        (
            'captions = "video.vtt"\n',
            "",
            "line 9: “captions” is missing. Each video like this needs it.",
        ),
        (
            'body = "handout.md"\n',
            "",
            "line 21: “body” is missing. Each handout like this needs it.",
        ),
        (
            'body = "handout.md"',
            'file = "video.mp4"\nbody = "handout.md"',
            "line 26: A handout has no “file”. Name its Markdown as “body”.",
        ),
        (
            'alternative_to = "exercise"',
            'alternative_to = "exercize"',
            "line 36: There is no material “exercize” in this week. "
            "Choose: video, handout, exercise.",
        ),
        (
            'alternative_to = "exercise"',
            'alternative_to = "exercise-short"',
            "line 36: A material cannot be the alternative to itself.",
        ),
        (
            'title = "Breathing"',
            'title = "Breathing"\nalternative_to = "video"',
            "line 36: “exercise” is an alternative itself. "
            "Name the one that both can stand in for.",
        ),
        (
            'kind = "handout"',
            'kind = "leaflet"',
            "line 23: “leaflet” is no kind of material. Choose: video, handout, exercise.",
        ),
        (
            "duration = 3.0",
            'duration = "3 minutes"',
            "line 19: “duration” must be a number of seconds above 0, like 312.5.",
        ),
        (
            "duration = 3.0",
            "duration = true",
            "line 19: “duration” must be a number of seconds above 0, like 312.5.",
        ),
        (
            "duration = 3.0",
            "duration = inf",
            "line 19: “duration” must be a number of seconds above 0, like 312.5.",
        ),
        (
            'title = "Breathing"',
            "title = 7",
            "line 41: “title” must be text between quotation marks.",
        ),
        (
            'title = "Breathing"',
            'title = "Brea\\u0000thing"',
            "line 41: There is a character here that is no text (U+0000). Take it out.",
        ),
        (
            'file = "video.mp4"',
            f'file = "{"v" * 300}.mp4"',
            f"line 13: “{'v' * 300}.mp4” cannot be found. Copy the file in, under a short name.",
        ),
        (
            'title = "Breathing"',
            'title = ""',
            "line 41: “title” is missing. Write it.",
        ),
        (
            'title = "Breathing"',
            f'title = "{"a" * 201}"',
            "line 41: “title” is longer than 200 characters. Shorten it.",
        ),
        (
            'key = "handout"',
            'key = "video"',
            "line 22: There is another “video” in this week. Choose another key.",
        ),
        (
            'key = "handout"',
            'key = "Hand out"',
            "line 22: Write “key” in small letters, digits and hyphens, like short-talk.",
        ),
        (
            'summary = "All on two pages."',
            'sumary = "All on two pages."',
            "line 25: “sumary” is not known here. Known are: key, kind, title, summary, body, "
            "file, captions, transcript, chapters, poster, duration, alternative_to, script.",
        ),
        (
            'when = "Most days"\n',
            "",
            "line 5: “when” is missing. Write it.",
        ),
        (
            'key = "handout"',
            'key = "handout"\nkey = "leaflet"',
            "line 23: This is written twice. Keep one.",
        ),
        (
            'title = "Breathing"',
            'title = "Breathing',
            'line 41: The text on this line does not end. Write a quotation mark (") after it; '
            'a text over several lines stands between """ and """.',
        ),
    ],
)
def test_fault_in_a_module_is_named_with_its_line(
    folder: Path, old: str, new: str, sentence: str
) -> None:
    change(folder / MODULE, old, new)

    assert sentence.replace("line", f"{MODULE}, line", 1) in sentences(folder)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("WEBVTT", "WEBVT", "line 1: The file must begin with the word WEBVTT."),
        (
            "00:00:01.500 --> 00:00:02.000",
            "00:00:01,500 --> 00:00:02,000",
            "line 7: Write the times like this: 00:00:01.000 --> 00:00:04.500",
        ),
        ("--> 00:00:02.000", "--> 00:00:01.000", "line 7: This ends before it begins."),
        (
            "at any time",
            "at \0 any time",
            "line 8: There is a character here that is no text (U+0000). Take it out.",
        ),
        (
            "You can stop at any time.\n",
            "",
            "line 7: There are no words under these times.",
        ),
        (
            "00:00:01.500 --> 00:00:02.000",
            "00:01:01.500 --> 00:01:02.000",
            "The last words begin at 61.5 s, but the medium lasts 3.0 s.",
        ),
    ],
)
@pytest.mark.parametrize("file", ["video.vtt", "video.transcript.vtt", "video.chapters.vtt"])
def test_broken_timed_text_is_named_with_its_line(
    folder: Path, file: str, old: str, new: str, sentence: str
) -> None:
    change(folder / "week-1" / file, old, new)

    where = f"week-1/{file}"
    expected = f"{where}, {sentence}" if sentence.startswith("line") else f"{where}: {sentence}"
    assert sentences(folder) == [expected]


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000 + "]" * 5000])
def test_value_that_no_reader_takes_is_named(folder: Path, value: str) -> None:
    change(folder / MODULE, "duration = 3.0", f"duration = {value}")

    assert sentences(folder) == [
        f"{MODULE}: This cannot be read as TOML: a number is too long, or a list too deep."
    ]


def test_gap_between_weeks_is_named(folder: Path) -> None:
    (folder / "week-2").rename(folder / "week-3")

    assert sentences(folder) == ["week-2: This week is missing, but a later one is there."]


@pytest.mark.parametrize(
    "name", ["week2", "week-2 ", " week-2", "week_2", "Week 2", "WEEK-2", "week-02", "week 2."]
)
def test_folder_that_is_nearly_a_week_is_named(folder: Path, name: str) -> None:
    (folder / "week-2").rename(folder / name)

    assert sentences(folder) == [f"{name}: “{name}” is not read. Call this week’s folder week-2."]


@pytest.mark.parametrize("name", ["week-two", "week-2 copy", "week-100", "week-0", "second", "wk2"])
def test_folder_that_holds_a_week_under_another_name_is_named(folder: Path, name: str) -> None:
    (folder / "week-2").rename(folder / name)

    assert sentences(folder) == [
        f"{name}: “{name}” is not read. Call a week’s folder week-1, week-2 and so on, "
        "or move this out."
    ]


def test_other_folders_and_files_may_lie_beside_the_weeks(folder: Path) -> None:
    for name in ("pictures", "midweek", ".git"):
        (folder / name).mkdir()
    (folder / "module.txt").write_text("Ours.", "utf-8")

    assert load_course(folder, publish=True, now=NOW).created


def test_empty_folder_says_what_a_course_needs(tmp_path: Path) -> None:
    assert sentences(tmp_path) == [
        "course.toml: There is no such file. Add it.",
        "There are no weeks. Make a folder week-1 with a module.toml.",
    ]


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert sentences(tmp_path / "nowhere") == [f"There is no folder {tmp_path / 'nowhere'}."]


def test_empty_medium_is_named(folder: Path) -> None:
    (folder / "week-1" / "exercise.m4a").write_bytes(b"")

    assert sentences(folder) == ["week-1/module.toml, line 42: “exercise.m4a” is empty."]


def test_handout_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "week-1" / "handout.md").write_bytes("One.\r\n\r\nÜbung".encode("latin-1"))

    assert sentences(folder) == [
        "week-1/handout.md, line 3: This is not text in UTF-8. Save it as UTF-8."
    ]


def test_link_that_leads_to_itself_is_refused(folder: Path) -> None:
    (folder / "week-1" / "handout.md").unlink()
    (folder / "week-1" / "handout.md").symlink_to("handout.md")

    assert sentences(folder) == [
        "week-1/module.toml, line 26: “handout.md” cannot be found. "
        "Copy the file in, under a short name."
    ]


def test_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Not for participants.", "utf-8")
    (folder / "week-1" / "handout.md").unlink()
    (folder / "week-1" / "handout.md").symlink_to(tmp_path / "secret.md")

    assert sentences(folder) == [
        "week-1/module.toml, line 26: “handout.md” lies outside the course folder. Copy it in."
    ]


def test_week_without_materials_is_named(folder: Path) -> None:
    (folder / "week-1" / "module.toml").write_text('title = "Empty"\nmaterial = 3\n', "utf-8")

    assert sentences(folder) == [
        "week-1/module.toml, line 2: “material” must be written as [[material]].",
        "week-1/module.toml, line 2: There is no [[material]]. Add one.",
    ]


def test_course_without_a_name_is_named(folder: Path) -> None:
    change(folder / "course.toml", 'slug = "small"', 'slug = "Small Course"\nauthor = "Me"')

    assert sentences(folder) == [
        "course.toml, line 3: “author” is not known here. Known are: slug, title, summary, "
        "language, licence, authorship.",
        "course.toml, line 2: Write “slug” in small letters, digits and hyphens, like four-weeks.",
    ]


def test_every_fault_is_said_at_once(folder: Path) -> None:
    change(folder / "week-1" / "module.toml", 'body = "handout.md"', 'body = "gone.md"')
    change(folder / "week-2" / "module.toml", 'kind = "handout"', 'kind = "leaflet"')

    assert len(sentences(folder)) >= 2


def test_failure_while_writing_leaves_nothing_behind(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError("No space left on device")

    def no_space(*_args: object) -> None:
        raise full

    monkeypatch.setattr("courses.files.ContentNamedStorage._save", no_space)
    with pytest.raises(OSError, match="No space left"):
        load_course(folder, publish=True, now=NOW)

    assert (Course.objects.count(), Edition.objects.count()) == (0, 0)


def test_command_says_what_it_did(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_course", folder)
    call_command("load_course", folder)
    change(folder / "week-1" / "handout.md", "say", "tell")
    call_command("load_course", folder, "--publish")

    assert capsys.readouterr().out.splitlines() == [
        "A small course, edition 1 was loaded as a draft. "
        "Publish it with --publish, or in the admin.",
        "A small course, edition 1 holds this content already.",
        "A small course, edition 1 was loaded and published.",
    ]


def test_command_says_that_it_published_what_was_loaded_before(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_course", folder)
    call_command("load_course", folder, "--publish")
    call_command("load_course", folder, "--publish")

    assert capsys.readouterr().out.splitlines()[1:] == [
        "A small course, edition 1 held this content already, and is now published.",
        "A small course, edition 1 holds this content already.",
    ]


def test_command_fails_with_every_sentence(folder: Path) -> None:
    (folder / "week-1" / "video.vtt").unlink()

    with pytest.raises(CommandError) as caught:
        call_command("load_course", folder)

    assert str(caught.value).splitlines() == [
        "The course was not loaded, and nothing was changed.",
        "week-1/module.toml, line 14: There is no file “video.vtt”. "
        "It is built from the script: run make content.",
    ]
    assert caught.value.returncode == 1
