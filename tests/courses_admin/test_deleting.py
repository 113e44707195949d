"""Deleting what somebody else worked on since: asked about once, and nothing ends nowhere."""

import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from courses.admin.drafts import DraftAdmin
from courses.models import Course, Edition, Module
from courses.services import publish_edition
from tests.courses_admin.conftest import an_editor
from tests.courses_admin.pages import address, messages, opened
from tests.factories.courses import EARLY, CourseFactory, draft_edition, published_edition
from tests.monitoring.staff import staff_client

SENTENCE = (
    "Somebody else changed this since you opened the page. "
    "Look at it, and save once more if it is to be deleted all the same."
)


@pytest.fixture
def edition(db: None) -> Edition:
    return draft_edition(weeks=2)


@pytest.fixture
def week(edition: Edition) -> Module:
    return edition.modules.get(week=2)


def ticked(sent: dict[str, Any], week: Module) -> dict[str, Any]:
    (name,) = (name for name in sent if name.endswith("-week") and sent[name] == week.week)
    return {**sent, name.replace("-week", "-DELETE"): "on"}


def told_in_rows(page: Any) -> list[str]:
    inlines = page.context["inline_admin_formsets"]
    forms = [form for inline in inlines for form in inline.formset.forms]
    return [sentence for form in forms for sentence in form.non_field_errors()]


def again(page: Any) -> dict[str, Any]:
    sent = {}
    for inline in page.context["inline_admin_formsets"]:
        for form in [inline.formset.management_form, *inline.formset.initial_forms]:
            sent |= {field.html_name: field.value() for field in form}
    return {name: value for name, value in sent.items() if value not in (None, False)}


@pytest.mark.parametrize("what", ["week", "material"])
def test_a_week_that_another_rewrote_is_not_deleted_unseen(
    editor: Client, other: Client, edition: Edition, week: Module, what: str
) -> None:
    mine = opened(editor, edition)
    row, field = (week, "introduction") if what == "week" else (week.materials.first(), "summary")
    other.post(address(row), {**opened(other, row), field: "An hour’s work."})

    page = editor.post(address(edition), ticked(mine, week))

    assert told_in_rows(page) == [SENTENCE]
    assert Module.objects.filter(pk=week.pk).exists()
    assert editor.post(address(edition), again(page)).status_code == 302
    assert not Module.objects.filter(pk=week.pk).exists()


def test_a_week_that_nobody_touched_is_deleted_at_once(
    editor: Client, edition: Edition, week: Module
) -> None:
    assert editor.post(address(edition), ticked(opened(editor, edition), week)).status_code == 302

    assert not Module.objects.filter(pk=week.pk).exists()


def test_a_row_that_another_deleted_does_not_stop_the_others(
    editor: Client, other: Client, edition: Edition, week: Module
) -> None:
    mine = opened(editor, edition)
    other.post(address(week, "delete"), {"post": "yes"})

    page = editor.post(
        address(edition), {**mine, "companions-0-body": "<p>An hour.</p>"}, follow=True
    )

    assert "Somebody else deleted “Week 2: The idea of week 2” meanwhile." in messages(page)
    assert edition.companions.get(kind="worries").body == "<p>An hour.</p>"
    assert list(edition.modules.values_list("week", flat=True)) == [1]


def test_words_for_a_row_that_another_deleted_are_shown_once_more(
    editor: Client, other: Client, edition: Edition
) -> None:
    mine = opened(editor, edition)
    edition.companions.get(kind="worries").delete()
    written = {**mine, "companions-0-body": "<p>An hour.</p>"}

    page = editor.post(address(edition), written)

    assert told_in_rows(page) == [
        "Somebody else deleted this while you were writing. What you wrote stands here for you "
        "to copy. When you save again, it goes."
    ]
    assert "An hour." in page.content.decode()
    assert editor.post(address(edition), again(page)).status_code == 302
    assert list(edition.companions.values_list("kind", flat=True)) == ["glossary"]


def test_the_page_that_deletes_asks_again_where_another_changed_it(
    editor: Client, other: Client, week: Module
) -> None:
    where = address(week, "delete")
    shown = editor.get(where).context["shown"]
    other.post(address(week), {**opened(other, week), "aim": "An hour’s work."})

    page = editor.post(where, {"post": "yes", "shown": shown}, follow=True)

    assert messages(page) == [
        "Somebody else changed this since you opened the page. Look at it before you delete it."
    ]
    assert Module.objects.filter(pk=week.pk).exists()
    shown = page.context["shown"]
    assert f'name="shown" value="{shown}"' in page.content.decode()
    assert editor.post(where, {"post": "yes", "shown": shown}).status_code == 302
    assert not Module.objects.filter(pk=week.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_published_between_the_question_and_the_deleting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    editor = an_editor()
    edition = draft_edition(weeks=2)
    week = edition.modules.get(week=2)
    delete = DraftAdmin.delete_model
    threads = []

    def publish() -> None:
        publish_edition(edition=edition, now=EARLY)
        connections.close_all()

    def publishing_first(self: Any, request: Any, obj: Any) -> None:
        threads.append(threading.Thread(target=publish))
        threads[0].start()
        threads[0].join(1)
        delete(self, request, obj)

    monkeypatch.setattr(DraftAdmin, "delete_model", publishing_first)

    answer = editor.post(address(week, "delete"), {"post": "yes"})
    threads[0].join()

    assert answer.status_code == 302
    edition.refresh_from_db()
    assert edition.state == Edition.State.PUBLISHED
    assert edition.modules.count() == 1


def test_a_course_that_was_published_is_kept(editor: Client) -> None:
    course = published_edition(weeks=1).course

    page = editor.get(address(course))
    kept = [editor.get(address(course, "delete")), editor.post(address(course, "delete"))]

    assert not page.context["has_delete_permission"]
    for answer in kept:
        assert answer.status_code == 403
        assert "This course is kept, because people may have been given" in answer.content.decode()
    assert Course.objects.filter(pk=course.pk).exists()


def test_a_course_without_editions_is_deleted(editor: Client) -> None:
    course = CourseFactory()

    assert editor.post(address(course, "delete"), {"post": "yes"}).status_code == 302

    assert not Course.objects.exists()


@pytest.mark.parametrize("kind", ["module", "material"])
def test_weeks_and_materials_have_no_list_of_their_own(editor: Client, kind: str) -> None:
    answer = editor.get(f"/admin/courses/{kind}/")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/courses/edition/")


@pytest.mark.parametrize("kind", ["module", "material"])
def test_who_may_not_see_them_is_not_led_on(db: None, kind: str) -> None:
    assert staff_client(staff=True).get(f"/admin/courses/{kind}/").status_code == 403
