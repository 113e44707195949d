"""The whole course to take away, as a zip that any program opens."""

import io
import re
import zipfile
from collections.abc import Collection
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from courses import pack
from courses.models import Edition
from courses.services import publish_edition
from tests.factories.courses import EARLY, FILES, draft_edition, published_edition

pytestmark = pytest.mark.django_db


ALL = range(1, 5)
SO_FAR = "These are the weeks that were open when you downloaded them."


def opened(edition: Edition, weeks: Collection[int] = ALL) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(pack.stream(edition, weeks=weeks))))


def test_pack_holds_the_weeks_asked_for_and_says_that_they_are_not_all() -> None:
    edition = published_edition(weeks=3)
    archive = opened(edition, weeks=[1, 3])

    index = archive.read("index.html").decode()
    folders = {name.split("/")[0] for name in archive.namelist()}
    assert folders == {"index.html", "pack.css", "beside-the-weeks", "week-1", "week-3"}
    assert re.findall(r"<h2>(.*)</h2>", index) == [
        *(str(module) for module in edition.modules.exclude(week=2)),
        "Beside the weeks",
    ]
    assert SO_FAR in index
    assert SO_FAR not in opened(edition).read("index.html").decode()
    assert pack.size(edition, weeks=[1, 3]) < pack.size(edition, weeks=ALL)


def test_pack_holds_handouts_words_media_and_captions_week_by_week() -> None:
    archive = opened(published_edition(weeks=2))

    week = [
        "1-why-we-are-hard-on-ourselves.mp4",
        "1-why-we-are-hard-on-ourselves.vtt",
        "1-why-we-are-hard-on-ourselves.html",
        "2-what-self-compassion-is.html",
        "3-soothing-rhythm-breathing.m4a",
        "3-soothing-rhythm-breathing.vtt",
        "3-soothing-rhythm-breathing.html",
        "4-soothing-rhythm-breathing-the-short-one.m4a",
        "4-soothing-rhythm-breathing-the-short-one.vtt",
        "4-soothing-rhythm-breathing-the-short-one.html",
    ]
    assert archive.testzip() is None
    assert archive.namelist() == [
        "index.html",
        "pack.css",
        "beside-the-weeks/worries.html",
        "beside-the-weeks/glossary.html",
        *(f"week-1/{name}" for name in week),
        *(f"week-2/{name}" for name in week),
    ]


def test_pack_holds_the_very_bytes_of_the_media_and_the_words() -> None:
    archive = opened(published_edition(weeks=1))

    film = archive.read("week-1/1-why-we-are-hard-on-ourselves.mp4")
    assert film == (FILES / "video.mp4").read_bytes()
    page = archive.read("week-1/2-what-self-compassion-is.html").decode()
    assert "<h2>Start from a friend</h2><p>What would you say to them?</p>" in page
    words = archive.read("week-1/1-why-we-are-hard-on-ourselves.html").decode()
    assert re.findall(r"<p>(.*)</p>", words)[1:3] == [
        "Hello, and welcome.",
        "You can stop at any time.",
    ]


def test_pack_holds_the_texts_beside_the_weeks_as_pages() -> None:
    archive = opened(published_edition(weeks=1))

    page = archive.read("beside-the-weeks/worries.html").decode()
    assert "<h1>Common worries</h1>" in page
    assert "<h2>“I will get lazy.”</h2><p>Think of a good coach.</p>" in page
    assert '<html lang="en-GB">' in page
    assert "<p></p>" not in page
    assert set(re.findall(r'href="\.\./([^"]+)"', page)) <= set(archive.namelist())
    index = archive.read("index.html").decode()
    assert '<a href="beside-the-weeks/glossary.html">Words we use</a>' in index


def test_pack_of_an_edition_without_such_texts_does_not_speak_of_them() -> None:
    draft = draft_edition(weeks=1)
    draft.companions.all().delete()
    archive = opened(publish_edition(edition=draft, now=EARLY))

    assert "Beside the weeks" not in archive.read("index.html").decode()
    assert {name.split("/")[0] for name in archive.namelist()} == {
        "index.html",
        "pack.css",
        "week-1",
    }


def test_every_link_of_the_index_leads_to_a_file_of_the_pack() -> None:
    archive = opened(published_edition(weeks=2))

    links = re.findall(r'href="([^"]+)"', archive.read("index.html").decode())

    assert set(links) == set(archive.namelist()) - {"index.html"}


def test_size_is_told_nearly_before_the_pack_is_made() -> None:
    edition = published_edition(weeks=4)
    told, real = pack.size(edition, weeks=ALL), len(b"".join(pack.stream(edition, weeks=ALL)))

    assert 0.5 * real < told < 2 * real


def test_long_medium_is_passed_on_in_pieces() -> None:
    edition = published_edition(weeks=1)
    film = edition.modules.get().materials.get(key="video").file
    whole = (FILES / "video.mp4").read_bytes()
    try:
        with Path(film.path).open("r+b") as file:
            file.truncate(20 * 1024 * 1024)
        assert max(len(piece) for piece in pack.stream(edition, weeks=ALL)) <= pack.PIECE
    finally:
        Path(film.path).write_bytes(whole)


def test_medium_gone_from_the_disk_is_left_out_of_the_pack_and_logged(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MEDIA_ROOT = tmp_path
    edition = published_edition(weeks=1)
    film = edition.modules.get().materials.get(key="video").file
    Path(film.path).unlink()

    archive = opened(edition)

    assert archive.testzip() is None
    assert [name for name in archive.namelist() if name.endswith((".mp4", ".m4a"))] == [
        "week-1/3-soothing-rhythm-breathing.m4a",
        "week-1/4-soothing-rhythm-breathing-the-short-one.m4a",
    ]
    assert ".mp4" not in archive.read("index.html").decode()
    assert set(caplog.messages) == {
        f"The medium {film.name} is not in MEDIA_ROOT. Put it back from a copy."
    }


@pytest.mark.parametrize("weeks", [1, 3])
def test_pack_asks_the_database_the_same_number_of_times(
    weeks: int, django_assert_num_queries
) -> None:
    edition = Edition.objects.select_related("course").get(pk=published_edition(weeks=weeks).pk)

    with django_assert_num_queries(4):
        b"".join(pack.stream(edition, weeks=ALL))
    with django_assert_num_queries(1):
        pack.size(edition, weeks=ALL)
