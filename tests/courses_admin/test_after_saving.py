"""Where an editor goes on after saving or deleting: beside what they worked on, in the same draft."""

import pytest
from django.test import Client

from courses.models import Module
from tests.courses_admin.pages import address, opened
from tests.factories.courses import draft_edition, published_edition


@pytest.fixture
def module(db: None) -> Module:
    course = published_edition(weeks=1).course
    return draft_edition(weeks=1, course=course).modules.get()


def test_a_saved_material_leads_back_to_its_week(editor: Client, module: Module) -> None:
    handout = module.materials.get(key="handout")

    response = editor.post(address(handout), opened(editor, handout))

    assert response.headers["Location"] == address(module)


def test_a_saved_week_leads_back_to_its_edition(editor: Client, module: Module) -> None:
    response = editor.post(address(module), opened(editor, module))

    assert response.headers["Location"] == address(module.edition)


def test_a_saved_edition_leads_to_the_list_of_editions(editor: Client, module: Module) -> None:
    response = editor.post(address(module.edition), opened(editor, module.edition))

    assert response.headers["Location"] == "/admin/courses/edition/"


def test_whoever_wants_to_go_on_editing_does(editor: Client, module: Module) -> None:
    sent = {**opened(editor, module), "_continue": "Save and continue editing"}

    assert editor.post(address(module), sent).headers["Location"] == address(module)


def test_from_a_deleted_material_one_comes_to_its_week(editor: Client, module: Module) -> None:
    handout = module.materials.get(key="handout")

    response = editor.post(address(handout, "delete"), {"post": "yes"})

    assert response.headers["Location"] == address(module)
    assert not module.materials.filter(key="handout").exists()


def test_from_a_deleted_week_one_comes_to_its_edition(editor: Client, module: Module) -> None:
    edition = module.edition

    response = editor.post(address(module, "delete"), {"post": "yes"})

    assert response.headers["Location"] == address(edition)


def test_a_material_is_spoken_of_alike_in_its_week_and_on_its_page(
    editor: Client, module: Module
) -> None:
    page = editor.get(address(module))

    (table,) = page.context["inline_admin_formsets"]
    labels = [str(field["label"]) for field in table.fields() if not field["widget"].is_hidden]
    assert labels == ["Place", "Short name", "Kind", "Title"]
