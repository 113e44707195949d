"""Common worries and a glossary: read from their folder, and edited beside a draft's weeks."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from courses.loading import CourseFolderError, load_course
from courses.models import Companion, Course, Edition
from courses.services import note_edit
from tests.courses.folders import change, course_folder

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CONTENT = Path(settings.BASE_DIR) / "content" / "self-compassion"
WORRIES = "common-worries.md"
GLOSSARY = "glossary.md"

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sound, with both texts: one with a title of its own, one without."""
    folder = course_folder(tmp_path / "small", weeks=1)
    (folder / WORRIES).write_text('# What *many* fear\n\n## "It is weak."\n\nNo.\n', "utf-8")
    (folder / GLOSSARY).write_text("## Drive\n\nIt wants.\n", "utf-8")
    return folder


def load(folder: Path, **options: Any) -> Edition:
    return load_course(folder, **{"publish": False, "now": NOW, **options}).edition


def sentences(folder: Path) -> list[str]:
    with pytest.raises(CourseFolderError) as caught:
        load(folder)
    assert not Course.objects.exists()
    return caught.value.sentences


def told(edition: Edition) -> list[tuple[str, ...]]:
    return list(edition.companions.values_list("kind", "title", "body"))


def test_texts_become_those_of_the_edition(folder: Path) -> None:
    assert told(load(folder, publish=True)) == [
        ("worries", "What many fear", "<h2>“It is weak.”</h2>\n<p>No.</p>"),
        ("glossary", "Words we use", "<h2>Drive</h2>\n<p>It wants.</p>"),
    ]


def test_folder_without_them_is_a_course_too(folder: Path) -> None:
    (folder / WORRIES).unlink()
    (folder / GLOSSARY).unlink()

    assert told(load(folder)) == []


def test_html_in_a_text_does_not_run(folder: Path) -> None:
    (folder / GLOSSARY).write_text("## Drive\n\n<script>alert(1)</script>\n", "utf-8")

    assert "<script" not in load(folder).companions.get(kind="glossary").body


def test_title_may_be_underlined_and_lines_may_end_as_in_windows(folder: Path) -> None:
    (folder / GLOSSARY).write_bytes(
        b"\r\nOur words\r\n=========\r\n\r\n## Drive\r\n\r\nIt wants.\r\n"
    )

    glossary = load(folder).companions.get(kind="glossary")
    assert (glossary.title, glossary.body) == ("Our words", "<h2>Drive</h2>\n<p>It wants.</p>")


def test_invisible_mark_of_an_editor_is_passed_over(folder: Path) -> None:
    (folder / GLOSSARY).write_text("\ufeff# Our words\n\nDrive wants.\n", "utf-8")
    change(folder / "week-1" / "module.toml", 'title = "The', '\ufefftitle = "The')

    glossary = load(folder).companions.get(kind="glossary")
    assert (glossary.title, glossary.body) == ("Our words", "<p>Drive wants.</p>")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [(WORRIES, "No.", "Not at all."), (WORRIES, "fear", "ask"), (GLOSSARY, "wants", "hopes")],
)
def test_other_words_are_a_new_draft(folder: Path, file: str, old: str, new: str) -> None:
    published = load(folder, publish=True)
    before = told(published)
    change(folder / file, old, new)

    draft = load(folder)

    assert (draft.number, draft.state) == (2, "draft")
    assert new in str(told(draft))
    assert told(published) == before


def test_the_same_words_are_none(folder: Path) -> None:
    assert load(folder, publish=True) == load(folder)


def test_changed_folder_takes_the_place_of_the_last_drafts_texts(folder: Path) -> None:
    load(folder)
    (folder / WORRIES).unlink()
    change(folder / GLOSSARY, "wants", "hopes")

    load(folder)

    (glossary,) = Companion.objects.all()
    assert glossary.body == "<h2>Drive</h2>\n<p>It hopes.</p>"


def test_texts_of_a_draft_edited_by_hand_stay(folder: Path) -> None:
    draft = load(folder)
    note_edit(edition=draft, now=NOW)
    change(folder / GLOSSARY, "wants", "hopes")

    with pytest.raises(CourseFolderError, match="was edited by hand"):
        load(folder)
    assert "wants" in str(told(draft))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "glossary.md: “glossary.md” is empty."),
        (b"\n \n", "glossary.md: There are no words here. Write them, or remove the file."),
        (b"# Words\n", "glossary.md: There are no words here. Write them, or remove the file."),
        (
            b"\n#\n\nIt wants.\n",
            "glossary.md, line 2: This heading has no words. Write the title.",
        ),
        (
            b"# " + b"w" * 201 + b"\n\nIt wants.\n",
            "glossary.md, line 1: The title is longer than 200 characters. Shorten it.",
        ),
        (
            b"# Words\n\nIt wants.\n\n# More\n",
            "glossary.md, line 5: One # alone is for the title, at the top. "
            "Begin this heading with ##.",
        ),
        (
            b"It wants.\n\n# Words\n",
            "glossary.md, line 3: One # alone is for the title, at the top. "
            "Begin this heading with ##.",
        ),
        (b"\xdcbung", "glossary.md, line 1: This is not text in UTF-8. Save it as UTF-8."),
    ],
)
def test_fault_in_a_text_is_named_with_its_line(
    folder: Path, content: bytes, sentence: str
) -> None:
    (folder / GLOSSARY).write_bytes(content)

    assert sentences(folder) == [sentence]


def test_text_that_leads_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Not for participants.", "utf-8")
    (folder / WORRIES).unlink()
    (folder / WORRIES).symlink_to(tmp_path / "secret.md")

    assert sentences(folder) == [
        "common-worries.md: “common-worries.md” lies outside the course folder. Copy it in."
    ]


def test_faults_of_weeks_and_texts_are_said_at_once(folder: Path) -> None:
    (folder / "week-1" / "handout.md").unlink()
    (folder / GLOSSARY).write_text("\n", "utf-8")

    assert [sentence.split(":")[0] for sentence in sentences(folder)] == [
        "week-1/module.toml, line 26",
        "glossary.md",
    ]


@pytest.mark.skipif(not CONTENT.exists(), reason="the starter course is not here")
def test_starter_course_brings_both() -> None:
    titles = dict(load(CONTENT).companions.values_list("kind", "title"))

    assert titles == {"worries": "Common worries", "glossary": "Words we use"}
