"""A file that is too large is refused while it comes in: the rest of it is not read."""

import re
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from courses.inspection.limits import MEDIA_LIMIT
from courses.models import Material
from courses.uploads import handler
from tests.courses_files import media
from tests.courses_files.pages import address, errors, fields_of, file_address
from tests.monitoring.staff import staff_client

pytestmark = pytest.mark.django_db

KB, MB, GB = 1024, 1024**2, 1024**3
BOUNDARY = "-----------------------------7"


class Body:
    """What a browser sends, made while it is read; `read_so_far` in bytes."""

    def __init__(self, begin: bytes, filling: int, end: bytes) -> None:
        self.parts = iter(self._parts(begin, filling, end))
        self.length = len(begin) + filling + len(end)
        self.waiting = b""
        self.read_so_far = 0

    def _parts(self, begin: bytes, filling: int, end: bytes) -> Iterator[bytes]:
        yield begin
        for _piece in range(filling // (64 * KB)):
            yield bytes(64 * KB)
        yield bytes(filling % (64 * KB))
        yield end

    def read(self, size: int = -1) -> bytes:
        while len(self.waiting) < size and (part := next(self.parts, None)) is not None:
            self.waiting += part
        given, self.waiting = self.waiting[:size], self.waiting[size:]
        self.read_so_far += len(given)
        return given

    readline = read  # asked for, and never used


def part(name: str, content: bytes, filename: str = "") -> bytes:
    file = f'; filename="{filename}"\r\nContent-Type: video/mp4' if filename else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def post(
    client: Client,
    where: str,
    *,
    words: dict[str, Any],
    size: int,
    name: str = "file",
    filename: str = "film.mp4",
    before: bytes = b"",
    begin: bytes = b"",
    then: bytes = b"",
) -> tuple[Any, Body]:
    """The words and `before`, then a file of `size` bytes, then what stands below it."""
    before = b"".join(part(key, str(value).encode()) for key, value in words.items()) + before
    end = b"\r\n" + then + f"--{BOUNDARY}--\r\n".encode()
    body = Body(before + part(name, begin, filename)[:-2], size - len(begin), end)
    response = client.generic(
        "POST",
        where,
        **{
            "wsgi.input": body,
            "CONTENT_LENGTH": str(body.length),
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        },
    )
    return response, body


@pytest.fixture
def small_films(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a film of 4 MB were too large."""
    limits = {**handler.LIMITS, ".mp4": 4 * MB}
    monkeypatch.setattr(handler, "LIMITS", limits)


def test_film_of_three_gigabytes_is_refused_before_it_is_read(
    editor: Client, video: Material
) -> None:
    words = {**fields_of(editor, video), "title": "Other words"}

    response, body = post(editor, address(video), words=words, size=3 * GB)

    assert body.length > 3 * GB
    assert body.read_so_far < 256 * KB
    assert errors(response) == {
        "file": [
            "This file is larger than 2.0\xa0GB. "
            "Export the film with a smaller picture: 720 lines are enough."
        ]
    }
    assert response.context["adminform"].form["title"].value() == "Other words"


def test_reading_ends_where_a_film_becomes_too_large(
    editor: Client, video: Material, small_films: None
) -> None:
    """Whatever length was announced: here none that says anything."""
    words = {**fields_of(editor, video), "title": "Other words"}

    response, body = post(editor, address(video), words=words, size=40 * MB)

    assert 4 * MB < body.read_so_far < 4 * MB + 256 * KB
    assert list(errors(response)) == ["file"]
    video.refresh_from_db()
    assert video.duration == 300.0


def test_nothing_is_saved_of_a_page_that_was_read_in_part(
    editor: Client, video: Material, small_films: None
) -> None:
    words = {**fields_of(editor, video), "title": "Other words"}
    then = part("_save", b"Save")

    post(editor, address(video), words=words, size=5 * MB, then=then)

    video.refresh_from_db()
    assert video.title == "Why we are hard on ourselves"


def test_all_words_of_a_page_that_was_read_in_part_come_back(
    editor: Client, video: Material, small_films: None
) -> None:
    words = {**fields_of(editor, video), "body": "<p>New</p>", "transcript": "0:01 New words."}

    response, _body = post(editor, address(video), words=words, size=5 * MB)

    form = response.context["adminform"].form
    assert {name: str(form[name].value()) for name in words if name in form.fields} == {
        name: str(value) for name, value in words.items() if name in form.fields
    }


def test_picture_that_came_before_a_film_too_large_need_not_be_sent_again(
    editor: Client, video: Material, small_films: None
) -> None:
    """Its temporary file must not be closed with that of the film."""
    words = fields_of(editor, video)
    picture = part("poster", media.png(), "still.png")

    response, _body = post(editor, address(video), words=words, before=picture, size=5 * MB)

    assert list(errors(response)) == ["file"]
    assert "still.png: PNG" in response.content.decode()


def test_captions_have_a_limit_of_their_own(editor: Client, video: Material) -> None:
    response, body = post(
        editor,
        file_address(video, "captions"),
        words={"kind": "video"},
        name="captions",
        filename="words.vtt",
        size=10 * MB,
    )

    assert (response.status_code, body.read_so_far < 2 * MB) == (422, True)
    assert response.json()["error"].startswith("This file is larger than 1.0\xa0MB.")


def test_program_of_any_size_is_refused_early(editor: Client, video: Material) -> None:
    response, body = post(
        editor, file_address(video), words={}, filename="setup.exe", size=100 * MB
    )

    assert body.read_so_far < 26 * MB
    assert response.json() == {
        "error": "This file is larger than 25.0\xa0MB, more than is taken of its type."
    }


@pytest.mark.parametrize(
    ("make", "status"),
    [(Client, 302), (lambda: staff_client(staff=True), 403), (staff_client, 302)],
    ids=["stranger", "staff without the right", "participant"],
)
def test_who_edits_no_course_sends_no_film(
    make: Callable[[], Client], status: int, video: Material
) -> None:
    client = make()
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = token = "a" * 32

    words = {"csrfmiddlewaretoken": token}
    response, body = post(client, address(video), words=words, size=200 * MB)

    assert response.status_code == status
    assert body.read_so_far < 26 * MB


def test_film_comes_in_with_little_memory(editor: Client, video: Material, tmp_path: Path) -> None:
    head = media.mp4(1800, mdat=media.box("mdat", size=64 * MB + 8))
    words = {"kind": "video"}

    tracemalloc.start()
    response, _body = post(
        editor, file_address(video), words=words, begin=head, size=len(head) + 64 * MB
    )
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert response.status_code == 200
    assert response.json()["said"] == "film.mp4: MP4, 30:00, 64.0\xa0MB"
    assert peak < 8 * MB


def test_proxy_lets_in_more_than_the_largest_file() -> None:
    """And so the application says no, in its own words."""
    site = Path("deploy/nginx/site.conf").read_text("utf-8")
    admin = site[site.index("location /admin/") :]
    said = re.search(r"client_max_body_size (\d+)m;", admin)

    assert said is not None
    assert int(said[1]) * MB > handler.MOST_TOGETHER
    assert max(MEDIA_LIMIT.values()) < handler.MOST_TOGETHER
