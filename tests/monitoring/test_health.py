"""/healthz says what is wrong, whatever is down, and soon enough for those who wait for it."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from scheduling.models import Heartbeat, MailSender
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import PromptFactory
from tests.services.redis import RedisServer

# Not within one transaction: the parts are asked from threads of their own.
pytestmark = pytest.mark.django_db(transaction=True)

WELL = dict.fromkeys(("database", "oldest due", "heartbeat", "sender", "clock"), "ok")


@pytest.fixture
def beating() -> None:
    Heartbeat.objects.create(name="tick", beat_at=timezone.now())


def ready() -> tuple[int, dict[str, str]]:
    began = monotonic()
    response = Client().get("/healthz/ready")
    assert monotonic() - began < 3
    content = response.json()
    assert content["ready"] is (response.status_code == 200)
    return response.status_code, content["parts"]


def live() -> list[str]:
    began = monotonic()
    response = Client().get("/healthz")
    assert monotonic() - began < 3
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return response.content.decode().splitlines()


def test_all_is_well(beating: None) -> None:
    assert ready() == (200, WELL)
    assert live() == ["ok"]


def test_answer_is_never_kept(beating: None) -> None:
    assert "no-store" in Client().get("/healthz")["Cache-Control"]


def test_health_can_be_asked_and_nothing_else(beating: None) -> None:
    assert Client().head("/healthz").status_code == 200
    assert Client().post("/healthz").status_code == 405
    assert Client().post("/healthz/ready").status_code == 405


def test_sender_that_never_ran_is_said() -> None:
    sentence = "The sender has not run yet. Start send_due, or Celery’s worker and beat."

    assert ready() == (503, {**WELL, "heartbeat": sentence})
    assert live() == [sentence]


def test_sender_that_has_stopped_ticking_is_said() -> None:
    at = timezone.now() - timedelta(minutes=10)
    Heartbeat.objects.create(name="tick", beat_at=at)

    sentence = f"The sender last ran on {at:%a} {at.day} {at:%b, %H:%M}. Start it again."
    assert ready() == (503, {**WELL, "heartbeat": sentence})


def test_mail_that_is_due_and_was_not_sent_is_said(beating: None) -> None:
    PromptFactory(enrolment=EnrolmentFactory())

    sentence = "1 mail is due and was not sent. It was due on Thu 8 Jan, 19:00."
    assert ready() == (503, {**WELL, "oldest due": sentence})


def test_sender_that_was_stopped_is_said_with_its_reason(beating: None) -> None:
    at = timezone.now()
    MailSender.objects.create(pk=1, stopped_at=at, reason="sign-in refused")

    sentence = f"The mail sender stopped on {at:%a} {at.day} {at:%b, %H:%M}: sign-in refused."
    assert ready() == (503, {**WELL, "sender": sentence})


# The broker


def test_broker_is_asked_where_one_is_set(
    beating: None, settings: Settings, redis_url: str
) -> None:
    settings.CELERY_BROKER_URL = redis_url

    assert ready() == (200, {**WELL, "broker": "ok"})


def test_broker_that_is_down_is_said(
    beating: None, settings: Settings, redis_server: RedisServer
) -> None:
    settings.CELERY_BROKER_URL = redis_server.url
    redis_server.stop()

    status, parts = ready()

    assert status == 503
    assert parts["broker"].startswith("The broker does not answer as it should (")
    assert {**parts, "broker": "ok"} == {**WELL, "broker": "ok"}
    assert live() == [parts["broker"]]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Something takes connections there, and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_broker_that_hangs_is_said_in_time_and_without_its_password(
    beating: None, settings: Settings, silent_port: int
) -> None:
    settings.CELERY_BROKER_URL = f"redis://:hush@127.0.0.1:{silent_port}/0"

    status, parts = ready()

    assert (status, parts["database"]) == (503, "ok")
    assert parts["broker"].startswith("The broker does not answer as it should (")
    assert "hush" not in str(parts)


# The database


def lead_to(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """New connections go to a PostgreSQL that is not there."""
    nowhere = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "nowhere",
        "USER": "ann",
        "PASSWORD": "hush",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "OPTIONS": {},
    }
    monkeypatch.setitem(connections.settings, "default", nowhere)


def all_but_the_database(parts: dict[str, str]) -> set[str]:
    return {words for name, words in parts.items() if name != "database"}


def test_database_that_is_down_is_said(
    beating: None, monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        lead_to(closed.getsockname()[1], monkeypatch)

        status, parts = ready()

        assert status == 503
        assert parts["database"] == "The database does not answer as it should (OperationalError)."
        assert all_but_the_database(parts) == {"Not known while the database does not answer."}
        assert live()[0] == parts["database"]


def test_database_that_hangs_is_said_in_time(
    beating: None, monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    lead_to(silent_port, monkeypatch)

    status, parts = ready()

    assert (status, parts["database"]) == (
        503,
        "The database does not answer as it should (TimeoutError).",
    )
    assert "hush" not in str(parts)
