"""Who may have a file, and when. The ranges themselves are tested with the courses."""

import io
import zipfile

import pytest
from django.urls import reverse

from participants.models import Engagement
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


def test_everything_can_be_taken_away(signed_in):
    response = signed_in.get("/home/everything.zip")
    assert response["Content-Type"] == "application/zip"
    assert "attachment" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(_bytes(response))) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) > 4
