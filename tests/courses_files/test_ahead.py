"""A file sent ahead of its form: kept under a signed token, which the form brings back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from courses.models import Material
from courses.services import publish_edition
from tests.courses_files import media
from tests.courses_files.pages import address, errors, file_address, save, send
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db

LONG = media.mp4(1800)
WORDS = media.vtt(end="00:30:00.000")


def test_film_and_captions_sent_ahead_are_saved_with_the_form(
    editor: Client, video: Material
) -> None:
    film = send(editor, video, LONG).json()
    captions = send(editor, video, WORDS, "captions").json()

    save(editor, video, **{"file-kept": film["token"], "captions-kept": captions["token"]})

    video.refresh_from_db()
    assert film["said"].startswith("chosen.mp4: MP4, 30:00, ")
    assert (video.duration, video.file_size) == (1800.0, len(LONG))
    with video.captions.open() as kept:
        assert kept.read() == WORDS


def test_film_need_not_be_sent_again_when_the_page_comes_back(
    editor: Client, video: Material
) -> None:
    refused = save(editor, video, file=LONG, captions=b"no captions")
    form = refused.context["adminform"].form
    page = refused.content.decode()
    token = form.fields["file"].widget.kept.token

    saved = save(editor, video, **{"file-kept": token, "captions": WORDS})

    assert list(errors(refused)) == ["captions"]
    assert "chosen.mp4: MP4, 30:00" in page
    assert f'name="file-kept" value="{token}"' in page
    assert saved.status_code == 302
    video.refresh_from_db()
    assert video.duration == 1800.0


def test_file_chosen_now_counts_for_more_than_one_sent_before(
    editor: Client, video: Material
) -> None:
    before = send(editor, video, LONG).json()["token"]

    save(editor, video, file=media.mp4(300), **{"file-kept": before})

    video.refresh_from_db()
    assert video.duration == 300.0


def test_taking_away_and_putting_in_at_once_is_asked_about(editor: Client, video: Material) -> None:
    token = send(editor, video, LONG).json()["token"]

    response = save(editor, video, **{"file-kept": token, "file-clear": "on"})

    assert list(errors(response)) == ["file"]


GONE = ["The file that you chose was kept for a day, and has gone. Choose it once more."]


def test_token_counts_for_a_day(editor: Client, video: Material) -> None:
    token = send(editor, video, LONG).json()["token"]

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        response = save(editor, video, **{"file-kept": token})

    assert errors(response) == {"file": GONE}


@pytest.mark.parametrize(
    "token",
    ["made up", signing.dumps({"name": "courses/other.mp4"}, salt="another")],
    ids=["made up", "signed for something else"],
)
def test_token_that_is_not_ours_names_no_file(editor: Client, video: Material, token: str) -> None:
    assert errors(save(editor, video, **{"file-kept": token})) == {"file": GONE}


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (
            "poster",
            "This is a file of the type MP4. Choose one of the type JPEG, PNG or WebP.",
        ),
        (
            "captions",
            "This is a file of the type MP4. Choose captions in the form WebVTT: their first word "
            "is WEBVTT.",
        ),
    ],
)
def test_token_of_a_film_is_none_of_another_field(
    editor: Client, video: Material, field: str, sentence: str
) -> None:
    token = send(editor, video, LONG).json()["token"]

    assert errors(save(editor, video, **{f"{field}-kept": token})) == {field: [sentence]}


def test_token_of_a_file_that_has_gone_is_told(
    editor: Client, video: Material, place: Path
) -> None:
    before = set(place.iterdir())
    token = send(editor, video, LONG).json()["token"]
    (new,) = set(place.iterdir()) - before
    new.unlink()

    assert errors(save(editor, video, **{"file-kept": token})) == {"file": GONE}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("file", media.PROGRAM, "none of the types"),
        ("file", b"", "This file is empty"),
        ("file", media.mp3(), "Choose one of the type MP4 or WebM"),
        ("captions", b"words", "their first word is WEBVTT"),
        ("poster", media.SVG, "An SVG can hold a program"),
    ],
)
def test_file_that_cannot_serve_is_told_before_anything_is_saved(
    editor: Client, video: Material, place: Path, name: str, content: bytes, said: str
) -> None:
    before = sorted(place.iterdir())

    response = send(editor, video, content, name)

    assert response.status_code == 422
    assert said in response.json()["error"]
    assert sorted(place.iterdir()) == before


def test_form_without_a_file_is_told(editor: Client, video: Material) -> None:
    response = editor.post(file_address(video), {"kind": "video"})

    assert response.json() == {"error": "No file came. Choose it again."}


@pytest.mark.parametrize("name", ["title", "body", "nothing"])
def test_there_is_an_address_for_files_alone(editor: Client, video: Material, name: str) -> None:
    assert send(editor, video, LONG, "file").status_code == 200
    assert editor.post(file_address(video, name)).status_code == 404


def test_address_of_no_material_is_not_found(editor: Client, video: Material) -> None:
    where = file_address(video).replace(str(video.pk), str(video.pk + 999))

    assert editor.post(where).status_code == 404


def test_who_signed_in_again_can_send_what_their_old_page_holds(video: Material) -> None:
    """The page's script asks for what the form of a new page would have."""
    client = staff_client(superuser=True)
    client.handler.enforce_csrf_checks = True
    old = {"csrfmiddlewaretoken": "a" * 64}
    assert send(client, video, LONG, **old).status_code == 403

    answer = client.get(file_address(video))

    new = {"csrfmiddlewaretoken": answer.json()["csrf"]}
    assert send(client, video, LONG, **new).status_code == 200


def test_address_is_for_sending_and_for_that_alone(editor: Client, video: Material) -> None:
    assert editor.put(file_address(video)).status_code == 405


@pytest.mark.parametrize(
    ("make", "status"),
    [(Client, 302), (lambda: staff_client(staff=True), 403), (staff_client, 302)],
    ids=["stranger", "staff without the right", "participant"],
)
def test_without_the_right_no_file_is_kept(
    make: Callable[[], Client], status: int, video: Material, place: Path
) -> None:
    before = sorted(place.iterdir())

    assert send(make(), video, LONG).status_code == status
    assert sorted(place.iterdir()) == before


def test_published_edition_takes_no_file(editor: Client, video: Material, place: Path) -> None:
    publish_edition(edition=video.module.edition, now=timezone.now())
    before = sorted(place.iterdir())

    assert send(editor, video, LONG).status_code == 403
    assert sorted(place.iterdir()) == before
    assert 'type="file"' not in editor.get(address(video)).content.decode()
