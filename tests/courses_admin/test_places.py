"""Weeks and materials have a place each, and so two cannot have the same."""

from typing import Any

import pytest
from django.test import Client

from courses.models import Material, Module
from tests.courses_admin.pages import address, opened
from tests.factories.courses import draft_edition


@pytest.fixture
def module(db: None) -> Module:
    return draft_edition(weeks=1).modules.get()


def places(module: Module) -> dict[str, int]:
    return dict(module.materials.values_list("key", "position"))


def row_of(sent: dict[str, Any], field: str, value: Any) -> str:
    """The prefix of the row in which `field` says `value`."""
    names = [name for name in sent if name.endswith(f"-{field}") and str(sent[name]) == str(value)]
    return names[0].removesuffix(field)


@pytest.mark.parametrize(
    ("field", "taken", "sentence"),
    [
        ("position", 2, "This week has a material in that place already."),
        ("key", "handout", "This week has a material of that short name already."),
    ],
)
def test_a_material_cannot_take_what_another_has(
    editor: Client, module: Module, field: str, taken: Any, sentence: str
) -> None:
    video = module.materials.get(key="video")

    page = editor.post(address(video), {**opened(editor, video), "title": "Mine", field: taken})

    form = page.context["adminform"].form
    assert (page.status_code, dict(form.errors)) == (200, {field: [sentence]})
    assert form["title"].value() == "Mine"


def test_two_materials_change_places(editor: Client, module: Module) -> None:
    before = places(module)
    sent = opened(editor, module)
    first, second = row_of(sent, "key", "video"), row_of(sent, "key", "handout")
    changed = {
        f"{first}position": before["handout"],
        f"{second}position": before["video"],
        "introduction": "<p>Mine.</p>",
    }

    assert editor.post(address(module), {**sent, **changed}).status_code == 302

    swapped = {"video": before["handout"], "handout": before["video"]}
    assert places(module) == before | swapped
    module.refresh_from_db()
    assert module.introduction == "<p>Mine.</p>"


def test_a_week_moves_up_into_the_place_of_one_that_is_deleted(editor: Client, db: None) -> None:
    edition = draft_edition(weeks=3)
    sent = opened(editor, edition)
    second, third = row_of(sent, "week", 2), row_of(sent, "week", 3)
    kept = edition.modules.get(week=2)

    # The row that moves stands before the one that makes room for it.
    answer = editor.post(
        address(edition), {**sent, f"{second}week": 3, f"{third}DELETE": "on"}, follow=True
    )

    assert answer.redirect_chain
    assert list(edition.modules.values_list("week", flat=True)) == [1, 3]
    assert edition.modules.get(week=3) == kept


def test_two_rows_cannot_be_sent_to_one_place(editor: Client, module: Module) -> None:
    sent = opened(editor, module)
    first = row_of(sent, "key", "video")

    page = editor.post(address(module), {**sent, f"{first}position": 2})

    assert page.status_code == 200
    assert places(module)["video"] == 1


def test_two_texts_beside_the_weeks_do_not_change_kinds(editor: Client, module: Module) -> None:
    sent = opened(editor, module.edition)
    worries, glossary = row_of(sent, "kind", "worries"), row_of(sent, "kind", "glossary")
    swapped = {f"{worries}kind": "glossary", f"{glossary}kind": "worries"}

    page = editor.post(address(module.edition), {**sent, **swapped})

    assert page.status_code == 200
    assert "This edition has a text of that kind already." in page.content.decode()


def test_of_two_who_add_the_same_week_the_second_is_told(editor: Client, db: None) -> None:
    edition = draft_edition(weeks=2)
    sent = opened(editor, edition)
    Module.objects.create(edition=edition, week=3, title="Theirs")
    added = {"modules-TOTAL_FORMS": 3, "modules-2-week": 3, "modules-2-title": "Mine"}

    page = editor.post(
        address(edition), {**sent, **added, "companions-0-body": "<p>An hour’s work.</p>"}
    )

    assert page.status_code == 200
    assert "This edition has that week already." in page.content.decode()
    assert "An hour’s work." in page.content.decode()
    assert edition.modules.get(week=3).title == "Theirs"


def test_a_new_material_cannot_take_what_another_has(editor: Client, module: Module) -> None:
    sent = opened(editor, module)
    new = int(sent["materials-TOTAL_FORMS"])
    row = {"position": 1, "key": "new", "kind": "handout", "title": "New"}
    added = {f"materials-{new}-{name}": value for name, value in row.items()}

    page = editor.post(address(module), {**sent, **added, "materials-TOTAL_FORMS": new + 1})

    assert page.status_code == 200
    assert not Material.objects.filter(key="new").exists()
