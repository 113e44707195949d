"""What the log says of answers that are no news, and of those that are."""

import logging
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from tests.factories.participants import UserFactory

pytestmark = pytest.mark.django_db


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {self.format(record)}")


@pytest.fixture
def written() -> Iterator[list[str]]:
    """What `django.request` writes."""
    handler, logger = _Kept(), logging.getLogger("django.request")
    logger.addHandler(handler)
    yield handler.lines
    logger.removeHandler(handler)


def test_a_platform_that_is_not_ready_says_so_in_its_answer_alone(written: list[str]) -> None:
    assert Client().get("/healthz/ready").status_code == 503
    assert written == []


def test_any_other_503_is_written(written: list[str]) -> None:
    request = RequestFactory().get("/healthz/metrics")
    log_response("Service Unavailable", response=HttpResponse(status=503), request=request)
    assert written == ["ERROR Service Unavailable"]


@pytest.mark.parametrize("path", ["/healthz/ready", "/home/"])
def test_a_fault_of_ours_is_written(written: list[str], path: str) -> None:
    request = RequestFactory().get(path)
    log_response("A fault", response=HttpResponse(status=500), request=request)
    assert written == ["ERROR A fault"]


def test_whoever_is_refused_a_page_is_one_line(client: Client, written: list[str]) -> None:
    client.force_login(UserFactory())
    assert client.get("/staff/").status_code == 403
    assert written == ["WARNING Forbidden (Permission denied): /staff/"]
