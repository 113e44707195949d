"""Two people change the files of one draft: the second is told, and no file goes unseen."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from courses.models import Material
from tests.courses_files import media
from tests.courses_files.conftest import place, video
from tests.courses_files.pages import address, fields_of, save

__all__ = ["place", "video"]

LONG = {"file": media.mp4(1800), "captions": media.vtt(end="00:30:00.000")}


def both_of(page: HttpResponse) -> dict[str, tuple[str, str]]:
    return {both.name: (both.theirs, both.yours) for both in page.context["both"]}


def names(video: Material) -> tuple[str, str, str]:
    video.refresh_from_db()
    return video.file.name, video.captions.name, video.poster.name


def post(editor: Client, video: Material, sent: dict[str, Any], **files: bytes) -> HttpResponse:
    endings = {"file": "mp4", "captions": "vtt", "poster": "png"}
    chosen = {
        name: SimpleUploadedFile(f"mine.{endings[name]}", content)
        for name, content in files.items()
    }
    return editor.post(address(video), {**sent, **chosen})


def test_of_two_new_films_the_second_is_asked_about(
    editor: Client, other: Client, video: Material
) -> None:
    mine = fields_of(editor, video)
    save(other, video, file=media.mp4(300.5), poster=media.png())
    theirs = names(video)

    page = post(editor, video, mine, file=media.mp4(300.2), poster=media.png(5, 5))

    assert names(video) == theirs
    told = both_of(page)
    assert list(told) == ["file", "poster"]
    assert [words.partition(",")[0] for words in told["file"]] == ["MP4", "mine.mp4: MP4"]


def test_saving_again_is_a_choice_and_the_film_has_come_already(
    editor: Client, other: Client, video: Material
) -> None:
    mine = fields_of(editor, video)
    save(other, video, file=media.mp4(300.5))
    theirs = names(video)
    page = post(editor, video, mine, file=media.mp4(300.2))
    form = page.context["adminform"].form
    again = {**mine, "seen": form["seen"].value(), "file-kept": form.kept["file"].token}

    assert editor.post(address(video), again).status_code == 302

    assert names(video) != theirs
    assert video.duration == pytest.approx(300.2, abs=0.05)


def test_a_film_that_somebody_else_brought_is_not_taken_away_unseen(
    editor: Client, other: Client, video: Material
) -> None:
    mine = fields_of(editor, video)
    save(other, video, **LONG)
    theirs = names(video)

    page = editor.post(address(video), {**mine, "file-clear": "on"})

    assert names(video) == theirs
    assert both_of(page)["file"][1] == "To be taken away. Tick it again if you mean theirs too."


def test_captions_of_the_film_before_do_not_lie_over_those_of_another(
    editor: Client, other: Client, video: Material
) -> None:
    mine = fields_of(editor, video)
    save(other, video, **LONG)
    theirs = names(video)

    page = post(editor, video, mine, captions=media.vtt(end="00:00:03.000"))

    assert names(video) == theirs
    assert list(both_of(page)) == ["captions"]


def test_the_same_file_twice_accuses_nobody(editor: Client, other: Client, video: Material) -> None:
    mine = fields_of(editor, video)
    save(other, video, poster=media.png())

    assert post(editor, video, mine, poster=media.png()).status_code == 302


def test_words_alone_are_saved_beside_the_film_of_another(
    editor: Client, other: Client, video: Material
) -> None:
    mine = fields_of(editor, video)
    save(other, video, **LONG)
    theirs = names(video)

    assert post(editor, video, {**mine, "title": "Mine"}).status_code == 302

    assert names(video) == theirs
    assert video.title == "Mine"
