"""An editor puts files into a draft: what serves is kept and measured, what does not is told."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.inspection.limits import MEDIA_LIMIT
from courses.models import Material
from tests.courses_files import media
from tests.courses_files.pages import errors, fields_of, save

pytestmark = pytest.mark.django_db

LONG = media.mp4(1800)


def test_film_is_kept_with_its_length_and_size(editor: Client, video: Material) -> None:
    response = save(editor, video, file=LONG, captions=media.vtt(end="00:30:00.000"))

    video.refresh_from_db()
    assert response.status_code == 302
    assert (video.duration, video.file_size) == (1800.0, len(LONG))
    with video.file.open() as kept:
        assert kept.read() == LONG


def test_sound_is_kept_for_an_exercise(editor: Client, exercise: Material) -> None:
    save(editor, exercise, file=media.mp3(), captions=media.vtt())

    exercise.refresh_from_db()
    assert exercise.file.name.endswith(".mp3")
    assert exercise.duration == pytest.approx(115 * media.MP3_SECONDS)


def test_bytes_decide_what_a_file_is_kept_as(editor: Client, video: Material) -> None:
    chosen = SimpleUploadedFile("film.EXE", media.webm(300), "application/x-msdownload")

    save(editor, video, file=chosen)

    video.refresh_from_db()
    assert (video.file.name[-5:], video.duration) == (".webm", 300.0)


def test_file_that_is_taken_away_takes_its_length_with_it(editor: Client, video: Material) -> None:
    save(editor, video, **{"file-clear": "on"})

    video.refresh_from_db()
    assert (bool(video.file), video.file_size, video.duration) == (False, 0, None)


@pytest.mark.parametrize(
    ("field", "content", "sentence"),
    [
        (
            "file",
            media.PROGRAM,
            "Whatever this file is called, it is of none of the types that can be used here. "
            "Choose one of the type MP4 or WebM.",
        ),
        ("file", b"", "This file is empty. Export it once more, and choose it again."),
        (
            "file",
            LONG[:-4],
            "This file is cut off or damaged. Copy it again, or export it once more.",
        ),
        (
            "file",
            media.mp4(tracks=media.SOUND),
            "This is a file of the type M4A. Choose one of the type MP4 or WebM.",
        ),
        (
            "file",
            media.png(),
            "This is a file of the type PNG. Choose one of the type MP4 or WebM.",
        ),
        (
            "captions",
            b"1\n00:00:01,000 --> 00:00:02,000\nHello\n",
            "Whatever this file is called, it is of none of the types that can be used here. "
            "Choose captions in the form WebVTT: their first word is WEBVTT.",
        ),
        ("captions", b"WEBVTT\n\n\xff", "This is not text in UTF-8. Save it as UTF-8."),
        (
            "captions",
            b"WEBVTT\n\n00:01,000 --> 00:02,000\nHello\n",
            "Line 3: Write the times like this: 00:00:01.000 --> 00:00:04.500",
        ),
        (
            "captions",
            media.vtt(end="00:05:01.000"),
            "Line 3: these words end at 5:01, and the file that they belong to at 5:00. "
            "Choose the captions of this very file.",
        ),
        (
            "poster",
            media.SVG,
            "An SVG can hold a program. Save the picture as PNG, JPEG or WebP.",
        ),
        (
            "poster",
            media.vtt(),
            "This is a file of the type WebVTT. Choose one of the type JPEG, PNG or WebP.",
        ),
    ],
)
def test_file_that_cannot_serve_is_refused_beside_its_field_and_nothing_is_lost(
    editor: Client, video: Material, place: Path, field: str, content: bytes, sentence: str
) -> None:
    before = sorted(place.iterdir())

    response = save(editor, video, title="Other words", **{field: content})

    assert errors(response) == {field: [sentence]}
    assert response.context["adminform"].form["title"].value() == "Other words"
    video.refresh_from_db()
    assert video.title != "Other words"
    kept = [] if sentence.startswith("Line 3: these") else before
    assert kept in ([], sorted(place.iterdir()))


def test_file_of_an_exercise_is_sound(editor: Client, exercise: Material) -> None:
    response = save(editor, exercise, file=LONG)

    assert errors(response) == {
        "file": ["This is a file of the type MP4. Choose one of the type M4A, MP3 or Ogg."]
    }


def test_handout_has_no_file(editor: Client, video: Material) -> None:
    response = save(editor, video, kind="handout", body="<p>Words</p>")

    assert errors(response) == {
        "file": ["A handout is read, and has no file. Take it away, or choose another kind."]
    }


def test_video_does_not_become_an_exercise_with_its_pictures(
    editor: Client, video: Material
) -> None:
    response = save(editor, video, kind="exercise")

    assert errors(response) == {
        "file": ["An exercise is sound alone. Choose one of the type M4A, MP3 or Ogg."]
    }


def test_another_film_asks_for_its_own_captions(editor: Client, video: Material) -> None:
    response = save(editor, video, file=LONG)

    assert errors(response) == {
        "captions": [
            "The new file lasts 30:00, and these captions belong to the one before, which lasted "
            "5:00. Choose the captions of the new one too, or take these away."
        ]
    }


@pytest.mark.parametrize("seconds", [299.5, 300.0, 300.9])
def test_same_film_exported_anew_keeps_its_captions(
    editor: Client, video: Material, seconds: float
) -> None:
    before = video.captions.name

    save(editor, video, file=media.mp4(seconds))

    video.refresh_from_db()
    assert (video.duration, video.captions.name) == (seconds, before)
    assert [chapter["title"] for chapter in video.chapters] == ["Start from a friend", "Help"]


def test_words_to_read_come_from_the_new_captions_and_old_parts_go(
    editor: Client, video: Material
) -> None:
    response = save(editor, video, file=LONG, captions=media.vtt(end="00:29:00.000"))

    video.refresh_from_db()
    assert video.transcript == [{"at": 0.0, "text": "Hello, and welcome."}]
    assert video.chapters == []
    page = editor.get(response.url)
    assert [str(each) for each in page.context["messages"]][:3] == [
        "The words that are spoken were taken from the new captions.",
        "The parts belonged to the file before, and were taken away. Write new ones.",
        "The still picture is that of the file before.",
    ]


def test_words_and_parts_that_were_written_with_the_new_film_stay(
    editor: Client, video: Material
) -> None:
    words = {"transcript": "0:05 Written by hand.", "chapters": "10:00 The middle"}

    save(
        editor,
        video,
        file=LONG,
        captions=media.vtt(end="00:29:00.000"),
        poster=media.png(),
        **words,
    )

    video.refresh_from_db()
    assert video.transcript == [{"at": 5.0, "text": "Written by hand."}]
    assert video.chapters == [{"at": 600.0, "title": "The middle"}]


def test_page_says_what_there_is(editor: Client, video: Material) -> None:
    page = editor.get(f"/admin/courses/material/{video.pk}/change/").content.decode()

    assert "There is: MP4, 5:00, 9.7\xa0KB" in page
    assert "There is: WebVTT" in page
    assert "There is: JPEG" in page


def test_files_stand_below_all_other_fields(editor: Client, video: Material) -> None:
    """Where the reading of one is broken off, all other fields have been read."""
    page = editor.get(f"/admin/courses/material/{video.pk}/change/").content.decode()

    names = [
        name for name in fields_of(editor, video) if name not in ("file", "captions", "poster")
    ]
    last = max(page.index(f'name="{name}"') for name in names)
    assert page.index('name="file"') > last


def test_sound_by_the_name_of_a_film_is_held_to_the_limit_of_sound(
    editor: Client, exercise: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came in as a film would, since its name said so."""
    monkeypatch.setattr("courses.uploads.fields.MEDIA_LIMIT", {**MEDIA_LIMIT, ".mp3": 1000})

    response = save(editor, exercise, file=media.mp3(), captions=media.vtt())

    assert list(errors(response)) == ["file"]
    assert errors(response)["file"][0].endswith(
        "Export the sound as M4A with 128 kilobits a second."
    )
