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
    handout, video = (module.materials.get(key=key) for key in ("handout", "video"))

    assert choosing(editor, handout, video).status_code == 302

    handout.refresh_from_db()
    assert handout.alternative_to == video
