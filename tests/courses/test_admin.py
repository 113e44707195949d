"""Editors change drafts in the admin; what is published they can read."""

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from courses.models import Edition, Material, Module
from tests.factories.courses import CourseFactory, draft_edition, published_edition
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db


def address(row: object, page: str = "change") -> str:
    name = row._meta.model_name
    return reverse(f"admin:courses_{name}_{page}", args=[row.pk])


def messages(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_first_list_shows_courses_and_editions(editor: Client) -> None:
    response = editor.get("/admin/")

    (app,) = response.context["app_list"]
    assert [model["object_name"] for model in app["models"]] == ["Course", "Edition"]


@pytest.mark.parametrize("page", ["course", "edition"])
def test_lists_open(editor: Client, page: str) -> None:
    published_edition(weeks=1)

    response = editor.get(reverse(f"admin:courses_{page}_changelist"))

    assert response.status_code == 200
    assert response.context["cl"].result_count == 1


def test_published_edition_and_all_below_it_are_shown_without_a_way_to_save(
    editor: Client,
) -> None:
    edition = published_edition(weeks=1)
    module = edition.modules.get()
    rows = [edition, module, module.materials.get(key="video")]

    for row in rows:
        response = editor.get(address(row))
        assert response.status_code == 200
        assert not response.context["has_change_permission"]
        assert not response.context["has_delete_permission"]
        assert editor.post(address(row), {"title": "Other words"}).status_code == 403
        assert editor.post(address(row, "delete"), {"post": "yes"}).status_code == 403


KEPT = (
    "This edition is published. It cannot be changed or deleted, because people may have been "
    "given it. To change something, make a new draft of the course."
)


def test_published_edition_and_all_below_it_say_why_they_are_kept(editor: Client) -> None:
    edition = published_edition(weeks=1)
    module = edition.modules.get()
    rows = [edition, module, module.materials.get(key="video")]

    refused = [
        *(editor.get(address(row, "delete")) for row in rows),
        *(editor.post(address(row), {"title": "Other words"}) for row in rows),
        editor.get(address(edition, "publish")),
    ]

    for page in refused:
        assert (page.status_code, page.context["sentences"]) == (403, [KEPT])


def test_published_edition_says_nothing_of_itself_without_the_right() -> None:
    edition = published_edition(weeks=1)

    page = staff_client(staff=True).get(address(edition, "delete"))

    assert (page.status_code, b"is published" in page.content) == (403, False)


def test_list_of_editions_offers_no_deleting_of_many(editor: Client) -> None:
    published_edition(weeks=1)

    page = editor.get(reverse("admin:courses_edition_changelist"))

    assert "delete_selected" not in page.content.decode()


def test_published_edition_is_not_deleted_by_the_lists_action(editor: Client) -> None:
    edition = published_edition(weeks=1)

    editor.post(
        reverse("admin:courses_edition_changelist"),
        {"action": "delete_selected", "_selected_action": [edition.pk], "post": "yes"},
    )

    assert Edition.objects.get() == edition


def test_new_draft_is_made_from_the_course(editor: Client) -> None:
    course = published_edition(weeks=1).course

    asked = editor.get(address(course, "new_draft"))
    response = editor.post(address(course, "new_draft"), follow=True)

    assert asked.context["button"] == "Yes, make a draft"
    draft = Edition.objects.get(state="draft")
    assert response.redirect_chain == [(address(draft), 302)]


def test_second_draft_is_refused_with_a_sentence(editor: Client) -> None:
    course = draft_edition(weeks=1).course

    response = editor.post(address(course, "new_draft"), follow=True)

    assert messages(response) == ["This course has a draft already. Publish it or delete it first."]


@pytest.mark.parametrize(
    "traits", [{}, {"staff": True}], ids=["participant", "staff without right"]
)
def test_without_the_right_nothing_is_published_or_drafted(traits: dict) -> None:
    draft = draft_edition(weeks=1)
    course = published_edition(weeks=1).course
    client = staff_client(**traits)

    for row, page in [(draft, "publish"), (course, "new_draft")]:
        response = client.post(address(row, page), follow=True)
        assert response.status_code == 403
    assert list(Edition.objects.drafts()) == [draft]


def test_stranger_is_sent_to_sign_in() -> None:
    draft = draft_edition(weeks=1)

    response = Client().post(address(draft, "publish"), follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/")
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_page_of_an_edition_that_is_not_there_is_not_found(editor: Client) -> None:
    course = CourseFactory()

    assert editor.get(f"/admin/courses/edition/{course.pk + 9}/publish/").status_code == 404
    assert editor.get(f"/admin/courses/course/{course.pk + 9}/new-draft/").status_code == 404


def module_data(module: Module, **changes: str) -> dict[str, str]:
    return {
        "title": module.title,
        "aim": module.aim,
        "introduction": module.introduction,
        "practice": "",
        "materials-TOTAL_FORMS": "0",
        "materials-INITIAL_FORMS": "0",
        **changes,
    }


def test_saving_a_week_cleans_its_html_and_notes_the_edit(editor: Client) -> None:
    module = draft_edition(weeks=1).modules.get()

    editor.post(
        address(module),
        module_data(module, introduction='<p style="color:red">Hi</p><script>alert(1)</script>'),
    )

    module.refresh_from_db()
    assert module.introduction == "<p>Hi</p>"
    assert module.edition.edited_at is not None


@pytest.mark.parametrize("practice", ["Most days", "| Listen.", "Most days |"])
def test_practice_without_when_or_what_is_refused_with_an_example(
    editor: Client, practice: str
) -> None:
    module = draft_edition(weeks=1).modules.get()

    response = editor.post(address(module), module_data(module, practice=practice))

    assert response.context["adminform"].form.errors == {
        "practice": [
            "Write each on a line of its own, like this: Most days | Listen to the exercise. "
            f"This line is another: {practice}"
        ]
    }
    module.refresh_from_db()
    assert module.edition.edited_at is None


def test_practice_is_kept_as_it_is_written(editor: Client) -> None:
    module = draft_edition(weeks=1).modules.get()

    editor.post(
        address(module), module_data(module, practice="Most days | Listen.\r\n\r\nOnce|Write ")
    )

    module.refresh_from_db()
    assert module.practice == [
        {"when": "Most days", "what": "Listen."},
        {"when": "Once", "what": "Write"},
    ]


def material_data(material: Material, **changes: object) -> dict[str, object]:
    return {
        "position": material.position,
        "key": material.key,
        "kind": material.kind,
        "title": material.title,
        "summary": material.summary,
        "body": material.body,
        "duration": material.duration or "",
        "transcript": "",
        "chapters": "",
        **changes,
    }


def test_saving_a_handout_cleans_its_html(editor: Client) -> None:
    handout = draft_edition(weeks=1).modules.get().materials.get(key="handout")

    editor.post(address(handout), material_data(handout, body="<p onclick=x>Hi</p>"))

    handout.refresh_from_db()
    assert handout.body == "<p>Hi</p>"


def test_words_are_saved_although_the_file_has_gone_from_the_disk(
    editor: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    video = draft_edition(weeks=1).modules.get().materials.get(key="video")
    Path(video.file.path).unlink()

    editor.post(address(video), material_data(video, title="Other words"))

    before = video.file_size
    video.refresh_from_db()
    assert (video.title, video.file_size) == ("Other words", before)


def test_alternative_is_chosen_among_the_week_itself(editor: Client) -> None:
    first, second = draft_edition(weeks=2).modules.all()
    short = first.materials.get(key="exercise-short")

    form = editor.get(address(short)).context["adminform"].form

    choices = form.fields["alternative_to"].queryset
    assert [material.key for material in choices] == ["exercise"]
    assert all(material.module != second for material in choices)


def test_deleting_a_material_of_a_draft_notes_the_edit(editor: Client) -> None:
    edition = draft_edition(weeks=1)
    handout = edition.modules.get().materials.get(key="handout")

    editor.post(address(handout, "delete"), {"post": "yes"})

    edition.refresh_from_db()
    assert edition.edited_at is not None
    assert not Material.objects.filter(pk=handout.pk).exists()


def test_draft_is_deleted_with_all_below_it(editor: Client) -> None:
    edition = draft_edition(weeks=1)

    editor.post(address(edition, "delete"), {"post": "yes"})

    assert (Edition.objects.count(), Module.objects.count(), Material.objects.count()) == (0, 0, 0)
