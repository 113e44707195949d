"""Editors see what changes, by eye and by ear. Nobody else does."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Edition, Material
from courses.services import new_draft
from tests.factories.courses import draft_edition, published_edition
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def address(edition: Edition) -> str:
    return reverse("admin:courses_edition_compare", args=[edition.pk])


def text_of(response: object) -> str:
    return " ".join(response.content.decode().split())


def test_changed_words_are_marked_for_eye_and_ear(editor: Client) -> None:
    draft = new_draft(course=published_edition(weeks=1).course, now=NOW)
    body = "<h2>Start from a friend</h2><p>What might you say to &lt;them&gt;?</p>"
    Material.objects.filter(module__edition=draft, key="handout").update(body=body)

    page = editor.get(address(draft))

    hidden = '<span class="visually-hidden">'
    assert f"<del>{hidden}[taken out: </span>would<span" in text_of(page)
    assert f"<ins>{hidden}[added: </span>might<span" in text_of(page)
    assert "&lt;them&gt;?" in text_of(page)
    assert "unsafe-inline" not in page["Content-Security-Policy"]


def test_week_that_is_as_it_was_is_folded(editor: Client) -> None:
    draft = new_draft(course=published_edition(weeks=2).course, now=NOW)
    Material.objects.filter(module__edition=draft, module__week=2, key="handout").update(title="X")

    page = text_of(editor.get(address(draft)))

    first, second = page.index("Week 1: The idea"), page.index("Week 2: The idea")
    assert page.rindex("<details", 0, first) == page.rindex("<details> <summary><h2>", 0, first)
    assert page.rindex("<details", 0, second) == page.rindex("<details open>", 0, second)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: new_draft(course=published_edition(weeks=1).course, now=NOW),
            "Edition 2 has the same words and media as edition 1.",
        ),
        (
            lambda: draft_edition(weeks=1),
            "No edition was published before this one, so all of it is new.",
        ),
        (
            lambda: published_edition(weeks=1, course=published_edition(weeks=2).course),
            "Edition 2 beside edition 1, which is published.",
        ),
    ],
    ids=["copy", "first", "published"],
)
def test_page_says_what_is_beside_what(editor: Client, make: object, sentence: str) -> None:
    assert sentence in text_of(editor.get(address(make())))


@pytest.mark.parametrize(
    "traits", [{}, {"staff": True}], ids=["participant", "researcher without the right"]
)
def test_without_the_right_there_is_nothing(traits: dict) -> None:
    page = staff_client(**traits).get(address(draft_edition(weeks=1)), follow=True)

    assert page.status_code == 403


def test_stranger_is_sent_to_sign_in() -> None:
    answer = Client().get(address(draft_edition(weeks=1)), follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")


def test_edition_that_is_not_there_is_not_found(editor: Client) -> None:
    assert editor.get("/admin/courses/edition/9/compare/").status_code == 404


def test_looking_is_asked_for_by_get(editor: Client) -> None:
    assert editor.post(address(draft_edition(weeks=1))).status_code == 405
