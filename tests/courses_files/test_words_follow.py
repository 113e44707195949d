"""The words to read are those of the very film that they stand beside."""

from typing import Any

import pytest
from django.test import Client

from courses.models import Material
from courses.publishing.lacking import lacks
from tests.courses_admin.conftest import other
from tests.courses_files import media
from tests.courses_files.pages import address, fields_of, save, sent

__all__ = ["other"]

pytestmark = pytest.mark.django_db

LONG = media.mp4(1800)
SAID = [{"at": 0.0, "text": "Hello, and welcome."}]
CAPTIONS = media.vtt(end="00:29:00.000")


def saved(material: Material) -> Material:
    return Material.objects.get(pk=material.pk)


def told(client: Client, response: Any) -> list[str]:
    return [str(each) for each in client.get(response.url).context["messages"]]


def test_words_go_with_the_captions_of_the_film_before(editor: Client, video: Material) -> None:
    response = save(editor, video, file=LONG, **{"captions-clear": "on"})

    assert saved(video).transcript == []
    assert told(editor, response)[0] == (
        "The words that are spoken belonged to the file before, and were taken away. They come "
        "with its captions."
    )
    assert any("words that are spoken" in each.sentence for each in lacks(video.module.edition))


def test_captions_that_come_later_bring_the_words(editor: Client, video: Material) -> None:
    save(editor, video, file=LONG, **{"captions-clear": "on"})

    save(editor, video, captions=CAPTIONS)

    assert saved(video).transcript == SAID


def test_words_go_with_a_film_that_is_taken_away(editor: Client, video: Material) -> None:
    save(editor, video, **{"file-clear": "on", "captions-clear": "on"})

    assert (saved(video).transcript, saved(video).chapters) == ([], [])


def test_words_that_were_written_ahead_of_the_first_film_stay(
    editor: Client, video: Material
) -> None:
    save(editor, video, **{"file-clear": "on", "captions-clear": "on"})
    save(editor, video, transcript="0:05 Written ahead.")

    save(editor, video, file=LONG)

    assert saved(video).transcript == [{"at": 5.0, "text": "Written ahead."}]


def test_better_captions_of_the_same_film_leave_the_words_alone(
    editor: Client, video: Material
) -> None:
    save(editor, video, captions=media.vtt())

    assert saved(video).transcript == video.transcript


def test_words_that_somebody_else_mends_meanwhile_do_not_stay_beside_another_film(
    editor: Client, other: Client, video: Material
) -> None:
    mine = fields_of(editor, video)
    save(other, video, transcript="0:01 Mended.", chapters="0:02 Mended too.")

    response = editor.post(address(video), sent({**mine, "file": LONG, "captions": CAPTIONS}))

    assert (saved(video).transcript, saved(video).chapters) == (SAID, [])
    assert [each for each in told(editor, response) if "Theirs is kept" in each] == []
