"""Words of mails: written in the editor's Markdown, checked on save, and drawn as they arrive."""

import pytest
from django.http import HttpResponse
from django.test import Client

from scheduling.models import Wording
from tests.factories.scheduling import WordingFactory
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db

ADD = "/admin/scheduling/wording/add/"


def sent(wording: Wording, **changes: str) -> dict[str, object]:
    return {"study": wording.study_id, "kind": wording.kind, **wording.words, **changes}


def problems(page: HttpResponse) -> dict[str, list[str]]:
    return page.context["adminform"].form.errors


def test_the_text_is_a_field_that_an_editor_can_take_the_place_of(editor: Client) -> None:
    page = editor.get(f"{ADD}?from={WordingFactory().pk}")

    assert 'data-editor="mail"' in page.content.decode()
    assert page.context["adminform"].form["body"].value() == WordingFactory.body


def test_a_name_that_there_is_not_is_said_before_anything_is_kept(editor: Client) -> None:
    wording = WordingFactory()

    page = editor.post(ADD, sent(wording, body="Dear {name}, *hello*", _save=""))

    assert problems(page) == {
        "body": [
            "There is no {name} here. There is: {study}, {title}, {week}, {weekday}, {weeks}, "
            "{what_there_is}."
        ]
    }
    assert Wording.objects.get() == wording


def test_words_that_were_saved_are_drawn_beside_them(editor: Client) -> None:
    wording = WordingFactory(body="About *{title}*.")
    drawn = f"/admin/scheduling/wording/{wording.pk}/drawn/"

    assert (
        f'src="{drawn}"'
        in editor.get(f"/admin/scheduling/wording/{wording.pk}/change/").content.decode()
    )
    assert "<em>A title made up for this example</em>" in editor.get(drawn).content.decode()
    assert editor.get("/admin/scheduling/wording/99/drawn/").status_code == 404


def test_nobody_else_sees_them_drawn() -> None:
    drawn = f"/admin/scheduling/wording/{WordingFactory().pk}/drawn/"

    assert Client().get(drawn).status_code == 302
    assert staff_client(researcher_of=StudyFactory()).get(drawn).status_code == 302
    assert staff_client(staff=True).get(drawn).status_code == 403
