"""Editors take a course away and bring one in. Nobody else does."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses.models import Course, Edition
from courses.uploads.handler import LIMITS
from tests.courses_travel.people import editing
from tests.courses_travel.zips import exported, small_course, zip_of
from tests.factories.courses import draft_edition, published_edition
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db
IMPORT = "/admin/courses/course/import/"


def upload(content: bytes) -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile("course.zip", content, "application/zip")}


def address(edition: Edition) -> str:
    return reverse("admin:courses_edition_export", args=[edition.pk])


@pytest.mark.parametrize("make", [draft_edition, published_edition])
def test_edition_is_taken_away_as_a_zip(editor: Client, make: object) -> None:
    edition = make(weeks=1)

    response = editor.get(address(edition))

    assert response["Content-Type"] == "application/zip"
    name = f"{edition.course.slug}-edition-1.zip"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    assert archive.testzip() is None
    assert f"{edition.course.slug}/week-1/module.toml" in archive.namelist()


def test_head_is_answered_without_making_the_zip(editor: Client) -> None:
    response = editor.head(address(published_edition(weeks=1)))

    assert (response.status_code, response.getvalue()) == (200, b"")


def test_zip_becomes_a_draft(editor: Client, tmp_path: Path) -> None:
    asked = editor.get(IMPORT)

    response = editor.post(IMPORT, upload(small_course(tmp_path).getvalue()), follow=True)

    assert asked.status_code == 200
    draft = Edition.objects.get()
    assert draft.state == "draft"
    assert response.redirect_chain == [(f"/admin/courses/edition/{draft.pk}/change/", 302)]
    assert [str(m) for m in response.context["messages"]] == [
        "A small course, edition 1 is ready to be edited."
    ]


def test_edition_comes_back_as_the_next_draft(editor: Client) -> None:
    edition = published_edition(weeks=1)

    editor.post(IMPORT, upload(exported(edition).getvalue()))

    assert [(e.number, e.state) for e in edition.course.editions.all()] == [
        (2, "draft"),
        (1, "published"),
    ]


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (b"MZ", ["This is not a zip, or it is damaged. Make it anew."]),
        (b"", ["Choose a zip with a course’s folder in it."]),
        (
            zip_of([("course.toml", b'title = "x"')]).getvalue(),
            [
                "course.toml, line 1: “slug” is missing. Write it.",
                "There are no weeks. Make a folder week-1 with a module.toml.",
            ],
        ),
        (
            zip_of([("../course.toml", b"")]).getvalue(),
            [
                "“../course.toml” leads out of the folder, or is no plain name. "
                "Pack the course’s folder anew."
            ],
        ),
    ],
)
def test_what_cannot_be_brought_in_is_told(
    editor: Client, content: bytes, sentences: list[str]
) -> None:
    response = editor.post(IMPORT, upload(content))

    assert response.context["form"].errors == {"file": sentences}
    assert Course.objects.count() == 0


def test_second_draft_is_refused_with_a_sentence(editor: Client) -> None:
    draft = draft_edition(weeks=1)

    response = editor.post(IMPORT, upload(exported(draft).getvalue()))

    sentence = "This course has a draft already. Publish it or delete it first."
    assert response.context["form"].errors == {"file": [sentence]}
    assert list(Edition.objects.all()) == [draft]


def test_pages_keep_the_strict_policy(editor: Client) -> None:
    page = editor.get(IMPORT)

    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_reader_of_courses_takes_away_and_brings_nothing_in() -> None:
    edition = published_edition(weeks=1)
    reader = editing("courses", only=("view_edition", "view_course"))

    assert reader.get(address(edition)).status_code == 200
    assert reader.get(IMPORT).status_code == 403
    assert reader.post(IMPORT, upload(b"MZ")).status_code == 403


@pytest.mark.parametrize(
    "traits", [{}, {"staff": True}], ids=["participant", "researcher without the right"]
)
def test_without_the_right_there_is_nothing(traits: dict) -> None:
    client = staff_client(**traits)

    answers = [
        client.get(address(draft_edition(weeks=1)), follow=True),
        client.get(IMPORT, follow=True),
        client.post(IMPORT, upload(b"MZ"), follow=True),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_stranger_is_sent_to_sign_in() -> None:
    for answer in (Client().get(address(draft_edition(weeks=1))), Client().post(IMPORT)):
        assert answer.status_code == 302
        assert answer["Location"].startswith(("/admin/login/", "/accounts/login/"))


def test_edition_that_is_not_there_is_not_found(editor: Client) -> None:
    assert editor.get("/admin/courses/edition/9/export/").status_code == 404


def test_zip_that_is_too_large_is_refused_while_it_comes_in(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, ".zip", 1000)

    response = editor.post(IMPORT, upload(b"x" * 2000))

    assert response.context["form"].errors == {
        "file": ["This file is larger than 1000\xa0bytes, more than is taken of its type."]
    }


def test_taking_away_is_asked_for_by_get(editor: Client) -> None:
    assert editor.post(address(draft_edition(weeks=1))).status_code == 405
