"""A handout holds what its page can show, on two printed pages."""

from pathlib import Path

import pytest

from content.check.course import faults
from tests.courses.folders import change

HANDOUT = "week-1/handout.md"
EXERCISE = 'key = "letter"\nkind = "exercise"'
HTML = "HTML is not read here: people would see it as it is typed. Take it out."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "## A\n\nWords.\n\n# Title\n",
            ", line 5: The page has a title of its own. Begin this heading with ##.",
        ),
        ("## A\n\n<!-- ask first -->\n\nWords.\n", f", line 3: {HTML}"),
        ("## A\n\nWords,\nwords <br> words.\n", f", line 4: {HTML}"),
        (
            "Words.\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
            ", line 3: A table is not read here: people would see it as it is typed. Write a list.",
        ),
        (
            "Words.\n![a circle](circle.svg)\n",
            ", line 2: A picture is not shown here. Say in words what it shows.",
        ),
        ("\n  \n", ": There are no words here. Write them."),
        ("## *\n\n---\n", ": There are no words here. Write them."),
    ],
)
def test_what_a_page_would_not_show_is_named_with_its_line(
    folder: Path, text: str, said: str
) -> None:
    (folder / HANDOUT).write_text(text, "utf-8")

    assert faults(folder) == [f"{HANDOUT}{said}"]


@pytest.mark.parametrize(
    "text",
    ["- a < b\n- **one** `two`\n\n> three\n", "Call <https://example.org> or\n[us](tel:111).\n"],
)
def test_what_a_page_shows_may_be_written(folder: Path, text: str) -> None:
    (folder / HANDOUT).write_text(text, "utf-8")

    assert faults(folder) == []


def test_exercise_to_read_is_held_to_what_a_page_shows_but_not_to_two_pages(folder: Path) -> None:
    change(folder / "week-1/module.toml", 'key = "handout"\nkind = "handout"', EXERCISE)

    (folder / HANDOUT).write_text("word\n" * 901, "utf-8")
    assert faults(folder) == []

    (folder / HANDOUT).write_text("# word\n", "utf-8")
    assert faults(folder) == [
        f"{HANDOUT}, line 1: The page has a title of its own. Begin this heading with ##."
    ]


@pytest.mark.parametrize("name", ["common-worries.md", "glossary.md"])
def test_text_beside_the_weeks_is_held_to_what_its_page_shows(folder: Path, name: str) -> None:
    (folder / name).write_text("# Words\n\n## Drive\n\nIt wants.\n", "utf-8")
    assert faults(folder) == []

    (folder / name).write_text("# Words\n\n<!-- ask first -->\n\nIt wants.\n# More\n", "utf-8")
    assert faults(folder) == [
        f"{name}, line 3: {HTML}",
        f"{name}, line 6: One # alone is for the title, at the top. Begin this heading with ##.",
    ]


def test_torn_text_beside_the_weeks_is_named_once(folder: Path) -> None:
    (folder / "glossary.md").write_bytes(b"# Words\n\n\xdc\n")

    assert faults(folder) == ["glossary.md, line 3: This is not text in UTF-8. Save it as UTF-8."]
