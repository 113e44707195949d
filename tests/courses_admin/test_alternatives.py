"""A shorter form stands in for a material, and never for one that stands in for another."""

from typing import Any

import pytest
from django.test import Client

from courses.models import Material, Module
from tests.courses_admin.pages import address, opened
from tests.factories.courses import draft_edition


@pytest.fixture
def module(db: None) -> Module:
    return draft_edition(weeks=1).modules.get()


def another(module: Module) -> Material:
    row = {"position": 9, "key": "walk", "kind": "exercise", "title": "A walk"}
    return Material.objects.create(module=module, **row)


def choosing(editor: Client, row: Material, chosen: Material) -> Any:
    return editor.post(address(row), {**opened(editor, row), "alternative_to": chosen.pk})


def test_two_do_not_stand_in_for_each_other(editor: Client, module: Module) -> None:
    short = module.materials.get(key="exercise-short")
    long = short.alternative_to
    assert long is not None

    assert choosing(editor, long, short).status_code == 200

    long.refresh_from_db()
    assert long.alternative_to is None


def test_one_that_has_a_shorter_form_is_no_shorter_form_itself(
    editor: Client, module: Module
) -> None:
    long = module.materials.get(key="exercise")

    assert choosing(editor, long, module.materials.get(key="video")).status_code == 200


def test_one_that_has_none_can_be_chosen_for_another(editor: Client, module: Module) -> None:
    long, walk = module.materials.get(key="exercise"), another(module)

    assert choosing(editor, walk, long).status_code == 302

    walk.refresh_from_db()
    assert walk.alternative_to == long


def test_what_is_of_another_kind_is_not_offered(editor: Client, module: Module) -> None:
    walk = another(module)

    assert choosing(editor, walk, module.materials.get(key="video")).status_code == 200

    form = editor.get(address(walk)).context["adminform"].form
    offered = form.fields["alternative_to"].queryset
    assert [each.key for each in offered] == ["exercise"]


def test_what_was_chosen_of_another_kind_stays(editor: Client, module: Module) -> None:
    walk, video = another(module), module.materials.get(key="video")
    Material.objects.filter(pk=walk.pk).update(alternative_to=video)

    saved = editor.post(address(walk), {**opened(editor, walk), "title": "A longer walk"})

    walk.refresh_from_db()
    assert (saved.status_code, walk.title) == (302, "A longer walk")
    assert walk.alternative_to == video
