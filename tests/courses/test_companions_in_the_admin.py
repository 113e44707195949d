"""An edition's page in the admin shows the texts beside its weeks; those of a draft are edited there."""

from typing import Any

import pytest
from django.test import Client

from courses.models import Companion, Edition
from tests.factories.courses import draft_edition, published_edition
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db
WORDS = "<h2>Three flows</h2><p>Out, in and round.</p>"


def address(edition: Edition) -> str:
    return f"/admin/courses/edition/{edition.pk}/change/"


def data(edition: Edition, *texts: dict[str, Any]) -> dict[str, Any]:
    """What the page's form sends: the weeks as they are, and `texts` beside them."""
    modules = list(edition.modules.all())
    sent: dict[str, Any] = {
        "modules-TOTAL_FORMS": len(modules),
        "modules-INITIAL_FORMS": len(modules),
        "companions-TOTAL_FORMS": len(texts),
        "companions-INITIAL_FORMS": sum("id" in text for text in texts),
    }
    for number, module in enumerate(modules):
        row = {"id": module.pk, "edition": edition.pk, "week": module.week, "title": module.title}
        sent |= {f"modules-{number}-{name}": value for name, value in row.items()}
    for number, text in enumerate(texts):
        row = {"edition": edition.pk, **text}
        sent |= {f"companions-{number}-{name}": value for name, value in row.items()}
    return sent


def row_of(companion: Companion, **changes: Any) -> dict[str, Any]:
    return {
        "id": companion.pk,
        "kind": companion.kind,
        "title": companion.title,
        "body": companion.body,
        **changes,
    }


@pytest.fixture
def draft() -> Edition:
    """With common worries alone."""
    draft = draft_edition(weeks=1)
    draft.companions.filter(kind="glossary").delete()
    return draft


def sent(editor: Client, draft: Edition, *texts: dict[str, Any]) -> Any:
    """The errors of each text; None where the page was saved."""
    response = editor.post(address(draft), data(draft, *texts))
    draft.refresh_from_db()
    if response.status_code == 302:
        return None
    (formset,) = (each.formset for each in response.context["inline_admin_formsets"][1:])
    return [*formset.errors, *formset.non_form_errors()]


def test_text_is_added_beside_a_drafts_weeks_and_cleaned(editor: Client, draft: Edition) -> None:
    worries = draft.companions.get()
    new = {"kind": "glossary", "title": "Our words", "body": f"{WORDS}<script>alert(1)</script>"}

    assert sent(editor, draft, row_of(worries), new) is None

    glossary = draft.companions.get(kind="glossary")
    assert (glossary.title, glossary.body) == ("Our words", WORDS)
    assert draft.edited_at is not None


def test_text_of_a_draft_is_changed(editor: Client, draft: Edition) -> None:
    worries = draft.companions.get()

    assert sent(editor, draft, row_of(worries, body="<p onclick=x>Hi</p>")) is None

    worries.refresh_from_db()
    assert worries.body == "<p>Hi</p>"
    assert draft.edited_at is not None


def test_text_of_a_draft_is_taken_away(editor: Client, draft: Edition) -> None:
    assert sent(editor, draft, row_of(draft.companions.get(), DELETE="on")) is None

    assert not draft.companions.exists()


def test_second_text_of_one_kind_is_refused_with_a_sentence(editor: Client, draft: Edition) -> None:
    new = {"kind": "worries", "title": "More", "body": WORDS}

    errors = sent(editor, draft, row_of(draft.companions.get()), new)

    assert errors[-1] == {"kind": ["This edition has a text of that kind already."]}
    assert draft.companions.get().title == "Common worries"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", {"body": ["This field is required."]}),
        ("<script>alert(1)</script>", {"body": ["This field cannot be blank."]}),
    ],
)
def test_text_without_words_is_refused(
    editor: Client, draft: Edition, body: str, error: dict[str, list[str]]
) -> None:
    assert sent(editor, draft, row_of(draft.companions.get(), body=body)) == [error]
    assert draft.edited_at is None


def test_published_texts_are_shown_without_a_field_to_write_in(editor: Client) -> None:
    page = editor.get(address(published_edition(weeks=1))).content.decode()

    assert "I will get lazy." in page
    assert 'name="companions-0-body"' not in page


def test_published_texts_stay_as_they_are(editor: Client) -> None:
    edition = published_edition(weeks=1)
    worries = edition.companions.get(kind="worries")

    response = editor.post(address(edition), data(edition, row_of(worries, title="Other words")))

    assert response.status_code == 403
    worries.refresh_from_db()
    assert worries.title == "Common worries"


@pytest.mark.parametrize("traits", [{}, {"staff": True}], ids=["participant", "no right"])
def test_texts_of_a_draft_are_for_editors_alone(draft: Edition, traits: dict[str, Any]) -> None:
    sending = data(draft, row_of(draft.companions.get(), title="Other words"))

    for client in (staff_client(**traits), Client()):
        client.post(address(draft), sending, follow=True)

    assert draft.companions.get().title == "Common worries"
