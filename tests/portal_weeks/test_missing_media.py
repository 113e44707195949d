"""A medium that has gone from the disk: its own address says so, and every page stands."""

from pathlib import Path

import pytest
from django.urls import reverse

from courses.models import Material
from participants.models import Engagement


@pytest.fixture
def film(signed_in, person):
    video = Material.objects.get(module__edition=person.edition, module__week=1, key="video")
    Path(video.file.path).unlink()
    return reverse("portal:media", args=[video.pk, "file"])


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-9"}])
@pytest.mark.parametrize("query", ["", "?download"])
def test_missing_medium_is_not_found_and_says_so_on_a_page(signed_in, film, query, headers):
    response = signed_in.get(film + query, headers=headers)
    assert response.status_code == 404
    assert "404.html" in [template.name for template in response.templates]


def test_missing_medium_is_not_noted_as_downloaded(signed_in, film):
    signed_in.get(film + "?download")
    assert not Engagement.objects.filter(kind=Engagement.Kind.DOWNLOADED).exists()


@pytest.mark.parametrize("address", ["/home/", "/week/1/"])
def test_page_with_a_missing_medium_is_shown_all_the_same(signed_in, film, address):
    assert signed_in.get(address).status_code == 200


def test_everything_but_the_missing_medium_is_given(signed_in, film):
    response = signed_in.get(reverse("portal:pack"))
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"PK")
