"""Who may have a file, and when. The ranges themselves are tested with the courses."""

import io
import zipfile

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.urls import reverse

from participants.models import Engagement
from tests.factories.scheduling import MONDAY
from tests.portal_weeks.people import session_of


def _address(person, key="video", what="file", week=1):
    material = session_of(person, week).module.materials.get(key=key)
    return reverse("portal:media", args=[material.pk, what])


def _bytes(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("way", ["signed_in", "by_link"])
@pytest.mark.parametrize(
    ("key", "what", "content_type"),
    [
        ("video", "file", "video/mp4"),
        ("video", "captions", "text/vtt; charset=utf-8"),
        ("video", "chapters", "text/vtt; charset=utf-8"),
        ("video", "poster", "image/jpeg"),
        ("exercise", "file", "audio/mp4"),
    ],
)
def test_an_open_weeks_media_are_given(request, person, way, key, what, content_type):
    response = request.getfixturevalue(way).get(_address(person, key, what))
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert _bytes(response)


def test_a_part_is_given_as_a_part(signed_in, person):
    whole = _bytes(signed_in.get(_address(person)))
    part = signed_in.get(_address(person), headers={"range": "bytes=10-19"})
    assert part.status_code == 206
    assert _bytes(part) == whole[10:20]


def test_a_coming_weeks_media_wait(signed_in, person):
    assert signed_in.get(_address(person, week=2)).status_code == 403


@pytest.mark.parametrize(
    ("key", "what"), [("video", "nothing"), ("handout", "file"), ("exercise", "chapters")]
)
def test_what_a_material_does_not_have_is_not_found(signed_in, person, key, what):
    assert signed_in.get(_address(person, key, what)).status_code == 404


@pytest.mark.parametrize("material", ["0", "99999999999999999999999", "x"])
def test_a_material_that_does_not_exist_is_not_found(signed_in, material):
    assert signed_in.get(f"/media/{material}/file/").status_code == 404


def test_a_stranger_is_asked_to_sign_in(client, person, clock):
    assert client.get(_address(person)).status_code == 302


def test_a_download_has_a_readable_name_and_is_noted(signed_in, person):
    response = signed_in.get(_address(person) + "?download")
    name = "week-1-why-we-are-hard-on-ourselves.mp4"
    assert _bytes(response)
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert Engagement.objects.filter(kind="downloaded", material__key="video").count() == 1


def test_playing_is_no_download(signed_in, person):
    _bytes(signed_in.get(_address(person)))
    assert not Engagement.objects.exists()


def test_a_download_in_parts_is_noted_once(signed_in, person):
    for part in ("bytes=0-9", "bytes=10-19", "bytes=20-"):
        _bytes(signed_in.get(_address(person) + "?download", headers={"range": part}))
    signed_in.head(_address(person) + "?download")
    assert Engagement.objects.filter(kind="downloaded").count() == 1


def _pack(client):
    response = client.get("/home/everything.zip")
    assert response["Content-Type"] == "application/zip"
    assert "attachment" in response["Content-Disposition"]
    return zipfile.ZipFile(io.BytesIO(_bytes(response)))


def test_downloads_are_noted_once_a_day_each(signed_in, person):
    for key in ("video", "exercise", "video", "video"):
        _bytes(signed_in.get(_address(person, key) + "?download"))
    noted = Engagement.objects.filter(kind="downloaded").order_by("material__position")
    assert [each.material.key for each in noted] == ["video", "exercise"]


@pytest.mark.parametrize("way", ["signed_in", "by_link"])
def test_what_is_open_so_far_can_be_taken_away(request, person, way):
    client = request.getfixturevalue(way)
    with _pack(client) as archive:
        assert archive.testzip() is None
        folders = {name.split("/")[0] for name in archive.namelist() if "/" in name}
    assert folders == {"beside-the-weeks", "week-1"}
    page = client.get("/home/").content.decode()
    assert "Download what is open so far" in page
    assert "Download everything" not in page


def test_everything_can_be_taken_away_once_it_is_open(signed_in, person, clock):
    clock(session_of(person, 4).opens_at)
    with _pack(signed_in) as archive:
        folders = {name.split("/")[0] for name in archive.namelist() if "/" in name}
    assert folders == {"beside-the-weeks", "week-1", "week-2", "week-3", "week-4"}
    assert "Download everything" in signed_in.get("/home/").content.decode()


def test_before_the_first_week_there_is_nothing_to_take_away(signed_in, clock):
    clock(MONDAY)
    assert "/home/everything.zip" not in signed_in.get("/home/").content.decode()
    assert signed_in.get("/home/everything.zip").status_code == 403


def test_asking_for_the_packs_head_makes_no_pack(signed_in):
    """Asked of the handler itself: Django's test client takes a HEAD's body away."""
    signed_in.get("/help/")  # so that the handler has its middleware
    asked = {"PATH_INFO": "/home/everything.zip", "REQUEST_METHOD": "HEAD"}
    request = WSGIRequest(signed_in._base_environ(**asked))
    response = signed_in.handler.get_response(request)
    assert response.status_code == 200
    assert b"".join(response) == b""
    assert response["Content-Type"] == "application/zip"
    assert "attachment" in response["Content-Disposition"]
