"""A course's folder holds HTML where Markdown has no mark for what is written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from content.check.course import faults
from courses.loading import CourseFolderError, load_course
from courses.models import Edition
from tests.courses.folders import change, course_folder

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TABLE = "<table><tbody><tr><td>1</td></tr></tbody></table>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return course_folder(tmp_path / "course", weeks=1)


def loaded(folder: Path) -> Edition:
    return load_course(folder, publish=False, now=NOW).edition


def refused(folder: Path) -> list[str]:
    with pytest.raises(CourseFolderError) as error:
        load_course(folder, publish=False, now=NOW)
    return error.value.sentences


def test_handout_and_introduction_in_html_are_read_and_cleaned(folder: Path) -> None:
    module = folder / "week-1" / "module.toml"
    change(module, 'body = "handout.md"', 'body = "handout.html"')
    change(module, "introduction = ", "introduction_html = ")
    change(module, "Welcome to *this* week.", f"{TABLE}<script>alert(1)</script>")
    (folder / "week-1" / "handout.html").write_text(f"\n{TABLE}<p onclick=x>Hi</p>\n", "utf-8")

    week = loaded(folder).modules.get()

    assert week.introduction == TABLE
    assert week.materials.get(key="handout").body == f"{TABLE}<p>Hi</p>"
    assert faults(folder) == []


def test_introduction_in_both_is_refused_with_its_line(folder: Path) -> None:
    change(
        folder / "week-1" / "module.toml",
        "introduction = ",
        'introduction_html = "x"\nintroduction = ',
    )

    assert refused(folder) == [
        "week-1/module.toml, line 3: “introduction” is there too. Keep one of the two."
    ]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (f"<h1>Words <em>we</em> use &amp; mean</h1>\n{TABLE}", "Words we use & mean"),
        (TABLE, "Words we use"),
    ],
)
def test_text_beside_the_weeks_in_html_has_its_title_at_the_top(
    folder: Path, written: str, title: str
) -> None:
    (folder / "glossary.html").write_text(written, "utf-8")

    text = loaded(folder).companions.get()

    assert (text.kind, text.title, text.body) == ("glossary", title, TABLE)


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        (
            "<h1></h1><p>x</p>",
            ["glossary.html, line 1: This heading has no words. Write the title."],
        ),
        (
            f"<h1>{'x' * 201}</h1><p>x</p>",
            ["glossary.html, line 1: The title is longer than 200 characters. Shorten it."],
        ),
        (
            "<h1>Words</h1><script>x</script>",
            ["glossary.html: There are no words here. Write them, or remove the file."],
        ),
    ],
)
def test_text_beside_the_weeks_in_html_that_cannot_be_read_is_told(
    folder: Path, written: str, sentences: list[str]
) -> None:
    (folder / "glossary.html").write_text(written, "utf-8")

    assert refused(folder) == sentences


def test_text_beside_the_weeks_in_both_is_refused(folder: Path) -> None:
    for name in ("glossary.md", "glossary.html"):
        (folder / name).write_text("Words", "utf-8")

    assert refused(folder) == ["glossary.html: glossary.md is there too. Keep one of the two."]


def test_other_way_to_write_the_same_is_no_other_content(folder: Path) -> None:
    first = loaded(folder)
    change(folder / "week-1" / "handout.md", "What would you *say*?", "What\nwould  you _say_?\n\n")

    assert loaded(folder) == first
