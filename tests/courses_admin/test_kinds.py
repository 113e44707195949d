"""What a material is, and what it holds, agree: in the table of its week, and when it goes out."""

from typing import Any

import pytest
from django.test import Client

from courses.models import Material, Module
from courses.publishing.lacking import lacks
from tests.courses_admin.pages import address, opened
from tests.factories.courses import draft_edition


@pytest.fixture
def module(db: None) -> Module:
    return draft_edition(weeks=1).modules.get()


def with_kind(sent: dict[str, Any], key: str, kind: str) -> dict[str, Any]:
    (name,) = (name for name in sent if name.endswith("-key") and sent[name] == key)
    return {**sent, f"{name.removesuffix('key')}kind": kind}


@pytest.mark.parametrize(("key", "kind"), [("video", "handout"), ("exercise", "video")])
def test_the_table_does_not_make_another_kind_of_what_has_a_file(
    editor: Client, module: Module, key: str, kind: str
) -> None:
    before = module.materials.get(key=key).kind

    page = editor.post(address(module), with_kind(opened(editor, module), key, kind))

    assert page.status_code == 200
    assert module.materials.get(key=key).kind == before


def test_what_has_no_file_becomes_another_kind(editor: Client, module: Module) -> None:
    sent = with_kind(opened(editor, module), "handout", "exercise")

    assert editor.post(address(module), sent).status_code == 302

    assert module.materials.get(key="handout").kind == "exercise"


@pytest.mark.parametrize(
    ("key", "kind", "sentence"),
    [
        ("exercise", "video", "A video has pictures. Choose one of the type MP4 or WebM."),
        ("video", "exercise", "An exercise is sound alone."),
        (
            "video",
            "handout",
            "A handout is read, and has no file. Take it away, or choose another kind.",
        ),
    ],
)
def test_a_file_of_another_kind_does_not_go_out(
    module: Module, key: str, kind: str, sentence: str
) -> None:
    Material.objects.filter(module=module, key=key).update(kind=kind)

    found = [lack.sentence for lack in lacks(module.edition)]

    assert any(sentence in each for each in found), found


def test_a_handout_needs_words_whatever_file_it_has(module: Module) -> None:
    Material.objects.filter(module=module, key="video").update(kind="handout", body="")

    found = [lack.sentence for lack in lacks(module.edition)]

    assert any("there is no text. Write it." in each for each in found), found


def test_the_text_of_a_video_is_said_to_be_seldom_seen(editor: Client, module: Module) -> None:
    def help_text(key: str) -> str:
        page = editor.get(address(module.materials.get(key=key)))
        return str(page.context["adminform"].form.fields["body"].help_text)

    assert help_text("video").startswith("Leave it empty: beside a video people read the words")
    assert help_text("handout") == "What there is to read. An exercise may go without."


TIMED = {"file", "captions", "transcript", "chapters"}
FOR_SOME = {*TIMED, "poster", "alternative_to"}


def offered(editor: Client, material: Material) -> set[str]:
    page = editor.get(address(material))
    return FOR_SOME & set(page.context["adminform"].form.fields)


@pytest.mark.parametrize(
    ("key", "fields"),
    [("video", FOR_SOME), ("handout", set()), ("exercise", FOR_SOME - {"poster"})],
)
def test_each_kind_is_asked_for_what_it_can_have(
    editor: Client, module: Module, key: str, fields: set[str]
) -> None:
    assert offered(editor, module.materials.get(key=key)) == fields


def test_what_stands_in_a_handout_all_the_same_can_be_taken_out(
    editor: Client, module: Module
) -> None:
    handout = module.materials.get(key="handout")
    handout.transcript = [{"at": 1.0, "text": "Sit down."}]
    handout.save()

    assert offered(editor, handout) == TIMED
    editor.post(address(handout), {**opened(editor, handout), "transcript": ""})
    assert offered(editor, handout) == set()


def test_a_handout_that_becomes_a_video_is_asked_for_its_film(
    editor: Client, module: Module
) -> None:
    handout = module.materials.get(key="handout")

    editor.post(address(handout), {**opened(editor, handout), "kind": "video"})

    assert offered(editor, handout) == FOR_SOME
