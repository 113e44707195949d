"""Range requests as RFC 9110 has them, and a long film that never enters memory."""

import tracemalloc
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from courses.media import PIECE, Pieces, content_type_of, ranged_response
from courses.models import Material

pytestmark = pytest.mark.django_db  # closing a response makes Django look at its connections

CONTENT = bytes(range(256)) * 4  # 1024 bytes


@pytest.fixture
def material() -> Material:
    material = Material()
    material.file.save("film.mp4", ContentFile(CONTENT), save=False)
    return material


def ask(material: Material, method: str = "GET", **headers: str) -> HttpResponseBase:
    request = RequestFactory().generic(method, "/", headers=headers)
    return ranged_response(request, material.file, content_type="video/mp4")


def body(response: HttpResponseBase) -> bytes:
    try:
        return b"".join(response.streaming_content) if response.streaming else response.content
    finally:
        response.close()


def test_without_a_range_the_whole_is_sent(material: Material) -> None:
    response = ask(material)

    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response.headers == {
        "Content-Type": "video/mp4",
        "Content-Length": "1024",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private",
        "ETag": f'"{Path(material.file.name).stem}"',
    }


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-499", 0, 499),
        ("bytes=500-", 500, 1023),
        ("bytes=500-99999", 500, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-99999", 0, 1023),
        ("bytes=1023-1023", 1023, 1023),
        ("Bytes = 2-3", 2, 3),
    ],
)
def test_one_range_is_sent_with_the_right_bytes(
    material: Material, wanted: str, first: int, last: int
) -> None:
    response = ask(material, Range=wanted)

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/1024"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize("wanted", ["bytes=1024-", "bytes=9999-10000", "bytes=-0"])
def test_range_beyond_the_end_cannot_be_satisfied(material: Material, wanted: str) -> None:
    response = ask(material, Range=wanted)

    assert response.status_code == 416
    assert response["Content-Range"] == "bytes */1024"
    assert body(response) == b""


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=",
        "bytes=-",
        "bytes=5-2",
        "bytes=a-b",
        "bytes=0-1,5-6",
        "lines=0-1",
        "0-1",
        "bytes=٠-٩",
        f"bytes={'9' * 5000}-",
    ],
)
def test_range_that_is_malformed_multiple_or_foreign_is_passed_over(
    material: Material, wanted: str
) -> None:
    response = ask(material, Range=wanted)

    assert (response.status_code, body(response)) == (200, CONTENT)


def test_if_range_with_this_content_sends_the_range(material: Material) -> None:
    etag = f'"{Path(material.file.name).stem}"'

    response = ask(material, Range="bytes=0-1", **{"If-Range": etag})

    assert (response.status_code, body(response)) == (206, CONTENT[:2])


@pytest.mark.parametrize("known", ['"other"', "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_if_range_with_other_content_sends_the_whole(material: Material, known: str) -> None:
    response = ask(material, Range="bytes=0-1", **{"If-Range": known})

    assert (response.status_code, body(response)) == (200, CONTENT)


def test_known_content_is_not_sent_again(material: Material) -> None:
    etag = f'"{Path(material.file.name).stem}"'

    response = ask(material, **{"If-None-Match": f'"x", W/{etag}'})

    assert (response.status_code, body(response), response["ETag"]) == (304, b"", etag)


def test_head_says_the_length_and_sends_nothing(material: Material) -> None:
    response = ask(material, "HEAD", Range="bytes=0-1")

    assert (response.status_code, body(response)) == (200, b"")
    assert (response["Content-Length"], response["Accept-Ranges"]) == ("1024", "bytes")


def test_download_has_a_name(material: Material) -> None:
    request = RequestFactory().get("/")
    response = ranged_response(
        request, material.file, content_type="video/mp4", download_name="Week 1 – film.mp4"
    )

    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Week%201%20%E2%80%93%20film.mp4"
    )
    response.close()


def test_file_is_closed_even_when_nobody_reads_it(material: Material) -> None:
    film = material.file.storage.open(material.file.name, "rb")

    StreamingHttpResponse(Pieces(film, range(10))).close()

    assert film.closed


def test_five_hundred_megabytes_never_enter_memory(material: Material) -> None:
    with Path(material.file.path).open("r+b") as film:
        film.truncate(500 * 1024 * 1024)  # sparse: takes no room on the disk
    tracemalloc.start()
    try:
        response = ask(material)
        sent = sum(len(piece) for piece in response.streaming_content)
        response.close()
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        Path(material.file.path).unlink()

    assert sent == 500 * 1024 * 1024
    assert peak < 8 * PIECE


def test_content_type_follows_the_suffix() -> None:
    names = ["a.mp4", "a.M4A", "a.vtt", "a.jpg", "a.exe"]

    assert [content_type_of(name) for name in names] == [
        "video/mp4",
        "audio/mp4",
        "text/vtt; charset=utf-8",
        "image/jpeg",
        "application/octet-stream",
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_where_nginx_has_the_files_it_is_told_which_to_send(
    material: Material, method: str, settings: Settings
) -> None:
    settings.MEDIA_ACCEL = "/protected/"

    response = ask(material, method, Range="bytes=0-1")

    assert (response.status_code, body(response)) == (200, b"")
    assert response.headers == {
        "Content-Type": "video/mp4",
        "X-Accel-Redirect": f"/protected/{material.file.name}",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private",
        "ETag": f'"{Path(material.file.name).stem}"',
    }


def test_where_nginx_has_the_files_what_is_known_or_gone_is_still_told(
    material: Material, settings: Settings
) -> None:
    settings.MEDIA_ACCEL = "/protected/"
    etag = f'"{Path(material.file.name).stem}"'

    assert ask(material, **{"If-None-Match": etag}).status_code == 304
    material.file.storage.delete(material.file.name)
    with pytest.raises(Http404):
        ask(material)


def test_name_that_nginx_would_read_as_two_is_written_as_one(settings: Settings) -> None:
    settings.MEDIA_ACCEL = "/protected/"
    material = Material()
    material.file.save("film.mp4", ContentFile(CONTENT), save=False)
    strange = Path(material.file.path).with_name("50% ?#.mp4")
    Path(material.file.path).rename(strange)
    material.file.name = str(Path(material.file.name).with_name(strange.name))

    assert ask(material)["X-Accel-Redirect"].endswith("/50%25%20%3F%23.mp4")
