import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from training_platform.compression import CompressPages

PAGE = b"<p>Begin whenever you are ready.</p>" * 100


def answered(response):
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    return CompressPages(lambda _request: response)(request)


def test_page_is_compressed():
    response = answered(HttpResponse(PAGE))

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == PAGE


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(PAGE, content_type="video/mp4", status=206),
        StreamingHttpResponse([PAGE], content_type="video/mp4"),
        StreamingHttpResponse([PAGE], content_type="text/html"),
    ],
    ids=["part of a video", "a whole video", "a streamed page"],
)
def test_anything_else_is_left_alone(response):
    assert "Content-Encoding" not in answered(response)
