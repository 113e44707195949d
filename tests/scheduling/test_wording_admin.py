"""The words of the mails in the admin: written anew, never changed."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from scheduling.models import Wording
from tests.factories.scheduling import WordingFactory
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db

ADD = "/admin/scheduling/wording/add/"


@pytest.fixture
def editor() -> Client:
    return staff_client(superuser=True)


def words(first: Wording, **changes: str) -> dict[str, object]:
    return {
        "study": first.study.pk,
        "kind": "session",
        "subject": "Your {weekday}",
        "heading": "Week {week}",
        "body": "Hello.",
        "button": "Open",
        **changes,
    }


def test_new_words_are_a_new_version(editor: Client) -> None:
    first = WordingFactory()
    response = editor.post(ADD, words(first))
    assert response.status_code == 302
    newest = Wording.objects.in_use(first.study.pk, "session")
    assert (newest.version, newest.subject) == (2, "Your {weekday}")
    first.refresh_from_db()
    assert first.subject == "Your {weekday} session"


def test_a_variable_that_does_not_exist_is_refused_beside_its_field(editor: Client) -> None:
    response = editor.post(ADD, words(WordingFactory(), body="Dear {name},"))
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"body"}
    assert Wording.objects.count() == 1


def test_words_once_written_are_shown_and_cannot_be_changed(editor: Client) -> None:
    first = WordingFactory()
    address = f"/admin/scheduling/wording/{first.pk}/change/"
    assert editor.get(address).status_code == 200
    assert editor.post(address, words(first)).status_code == 403
    assert editor.post(address.replace("change", "delete")).status_code == 403
    assert Wording.objects.get() == first


def test_a_stranger_sees_no_wording(client: Client) -> None:
    assert client.get(ADD).status_code == 302
    client.post(ADD, words(WordingFactory()))
    assert Wording.objects.count() == 1


def test_staff_without_that_right_see_no_wording() -> None:
    assert staff_client(staff=True).get(ADD).status_code == 403


def test_the_database_keeps_words_as_they_are() -> None:
    WordingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Wording.objects.update(subject="Other")
