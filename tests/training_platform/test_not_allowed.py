"""An address that takes a page alone, or a button alone, says so in words."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.participants import EnrolmentFactory
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client

pytestmark = pytest.mark.django_db

WORDS = "This page does not open in this way"


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("post", "/staff/calm/settings/", "GET, HEAD"),
        ("post", "/staff/calm/", "GET, HEAD"),
        ("put", "/staff/calm/settings/names/", "GET, HEAD, POST"),
    ],
)
def test_staff_are_told_in_words(method: str, address: str, allowed: str) -> None:
    client = staff_client(researcher_of=StudyFactory(slug="calm"), researcher_of__manages=True)
    page = getattr(client, method)(address, headers=BROWSER)
    assert (page.status_code, page["Allow"]) == (405, allowed)
    assert f"<h1>{WORDS}</h1>" in page.content.decode()


def test_so_is_a_participant_who_opens_a_button_like_a_page() -> None:
    client = signed_in(EnrolmentFactory().user)
    page = client.get(reverse("portal:address_works"), headers=BROWSER)
    assert (page.status_code, WORDS in page.content.decode()) == (405, True)


def test_page_is_kept_as_safe_as_others(client: Client) -> None:
    page = client.put("/healthz", headers=BROWSER)
    assert (page.status_code, page["Content-Type"]) == (405, "text/html; charset=utf-8")
    assert "default-src 'none'" in page["Content-Security-Policy"]


def test_machines_are_answered_as_before(client: Client) -> None:
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        answer = client.put("/healthz", headers=headers)
        assert (answer.status_code, answer.content) == (405, b"")
