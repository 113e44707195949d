"""Readiness says what is wrong, whatever is down, and soon enough for those who wait for it."""

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from monitoring import asking, health
from monitoring.asking import Question
from scheduling import alarm
from scheduling.models import Alarm, Heartbeat, MailSender
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import PromptFactory
from tests.factories.studies import StudyFactory
from tests.services.redis import RedisServer
from tests.services.smtp import SmtpSink

# Not within one transaction: the parts are asked from threads of their own.
pytestmark = pytest.mark.django_db(transaction=True)

WELL = dict.fromkeys(("database", "oldest due", "heartbeat", "sender", "clock"), "ok")


@pytest.fixture(autouse=True)
def nothing_asked_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test asked a moment ago is no answer here."""
    for name in ("DATABASE", "BROKER"):
        monkeypatch.setattr(health, name, Question(getattr(health, name)._ask))


@pytest.fixture
def alarm_from_a_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The alarm looks if a page finds the mail red, and has ended before the tables are emptied."""
    question = Question(health._look)
    monkeypatch.setattr(health, "ALARM", question)
    yield
    if question._asked is not None:
        assert question._asked.done.wait(10)


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


def test_all_is_well(beating: None) -> None:
    assert ready() == (200, WELL)


ADDRESSES = ["/healthz", "/healthz/ready", "/healthz/metrics"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_answer_is_never_kept(beating: None, address: str) -> None:
    assert "no-store" in Client().get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_health_can_be_asked_by_anybody_and_nothing_else(beating: None, address: str) -> None:
    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize("address", ADDRESSES)
def test_health_is_asked_without_tls_from_beside_the_process(
    beating: None, settings: Settings, address: str
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(address).status_code == 200


def test_a_process_lives_whatever_is_wrong(django_assert_num_queries: Any) -> None:
    """No heartbeat, and nothing is asked for it: no database, no broker, no thread."""
    threads = threading.active_count()
    with django_assert_num_queries(0):
        response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert threading.active_count() == threads


def test_sender_that_never_ran_is_said() -> None:
    sentence = "The sender has not run yet. Start send_due, or Celery’s worker and beat."

    assert ready() == (503, {**WELL, "heartbeat": sentence})


def test_sender_that_has_stopped_ticking_is_said() -> None:
    at = timezone.now() - timedelta(minutes=10)
    Heartbeat.objects.create(name="tick", beat_at=at)

    sentence = f"The sender last ran on {at:%a} {at.day} {at:%b, %H:%M}."
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


# Asking


def test_an_answer_serves_all_who_ask_within_a_second() -> None:
    asked: list[int] = []
    question = Question(lambda: asked.append(1) or len(asked))
    assert [question.answer(), question.answer()] == [1, 1]


def test_then_it_is_asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "FRESH", 0)
    asked: list[int] = []
    question = Question(lambda: asked.append(1) or len(asked))
    assert [question.answer(), question.answer()] == [1, 2]


def test_what_hangs_is_asked_by_one_thread_and_holds_nobody_up_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.2)
    monkeypatch.setattr(asking, "FRESH", 0)
    released = threading.Event()
    question = Question(lambda: released.wait(20))
    before = threading.active_count()
    assert isinstance(question.answer(), TimeoutError)
    began = monotonic()
    answers = [question.answer() for _each in range(50)]
    assert monotonic() - began < 0.2
    assert {type(answer) for answer in answers} == {TimeoutError}
    assert threading.active_count() == before + 1
    released.set()
    until = monotonic() + 5
    while threading.active_count() > before and monotonic() < until:
        sleep(0.01)
    assert question.answer() is True


# The alarm


@pytest.fixture
def contact(alarm_from_a_page: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A study whose sender has stopped; told at the first look, as if it was not the first."""
    monkeypatch.setattr(alarm, "PATIENCE", timedelta(0))
    study = StudyFactory(contact_email="team@example.ac.uk")
    PromptFactory(enrolment__study=study, due_at=timezone.now() + timedelta(days=1))
    MailSender.objects.create(pk=1, stopped_at=timezone.now(), reason="AUTH 535 5.7.8")


def test_readiness_that_is_red_tells_the_study(
    beating: None, contact: None, mail_over_smtp: SmtpSink
) -> None:
    assert ready()[0] == 503
    assert [each.rcpt_tos for each in mail_over_smtp.wait_for(1)] == [["team@example.ac.uk"]]
    ended(health.ALARM)
    assert ready()[0] == 503
    ended(health.ALARM)
    assert len(mail_over_smtp.received) == 1


def test_readiness_does_not_wait_for_a_mail_server_that_hangs(
    beating: None, contact: None, mail_over_smtp: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 3
    mail_over_smtp.delay("CONNECT", 3)
    began = monotonic()
    assert ready()[0] == 503
    assert monotonic() - began < 2
    ended(health.ALARM)


def test_readiness_that_is_well_looks_no_further(beating: None, alarm_from_a_page: None) -> None:
    assert ready()[0] == 200
    assert (health.ALARM._asked, Alarm.objects.count()) == (None, 0)


def ended(question: Question[Any]) -> None:
    assert question.begin().done.wait(10)


# Metrics


def metrics() -> dict[str, float]:
    response = Client().get("/healthz/metrics")
    assert (response.status_code, response["Content-Type"]) == (
        200,
        "text/plain; version=0.0.4; charset=utf-8",
    )
    families = text_string_to_metric_families(response.content.decode())
    return {
        sample.name + "".join(f" {label}" for label in sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


UP = dict.fromkeys(
    (f"training_part_up {part}" for part in ("database", "oldest_due", "heartbeat", "sender")), 1
)


def test_metrics_of_an_empty_queue(beating: None) -> None:
    found = metrics()
    assert 0 <= found.pop("training_heartbeat_age_seconds") < 10
    assert abs(found.pop("training_clock_difference_seconds")) < 5
    assert found == {
        **UP,
        "training_part_up clock": 1,
        "training_prompts_due": 0,
        "training_prompts_oldest_due_seconds": 0,
        "training_prompts_due_not_sent": 0,
        "training_prompts_waiting": 0,
        "training_prompts_in_flight": 0,
        "training_prompts_unconfirmed": 0,
        "training_sender_stopped": 0,
    }


def test_metrics_of_a_standstill(beating: None) -> None:
    now = timezone.now()
    MailSender.objects.create(pk=1, stopped_at=now, reason="AUTH 535 5.7.8")
    PromptFactory(due_at=now - timedelta(minutes=10))
    PromptFactory(due_at=now - timedelta(minutes=1))
    found = metrics()
    assert 600 <= found["training_prompts_oldest_due_seconds"] < 610
    up = {name: value for name, value in found.items() if name.startswith("training_part_up")}
    assert {name.split()[1] for name, value in up.items() if not value} == {"oldest_due", "sender"}
    assert (found["training_prompts_due"], found["training_prompts_due_not_sent"]) == (2, 1)
    assert found["training_sender_stopped"] == 1


def test_metrics_leave_out_what_is_not_known(
    monkeypatch: pytest.MonkeyPatch, silent_port: int
) -> None:
    """Or “the sender is down” would be told whenever the database is."""
    lead_to(silent_port, monkeypatch)
    assert metrics() == {"training_part_up database": 0}


def test_metrics_say_nothing_about_anybody(beating: None) -> None:
    late = PromptFactory(due_at=timezone.now() - timedelta(minutes=10)).enrolment
    said = Client().get("/healthz/metrics").content.decode()
    named = (late.user.email, late.code, late.study.slug, late.study.public_name)
    assert [word for word in named if word in said] == []
