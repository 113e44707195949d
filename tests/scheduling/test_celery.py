"""A real worker and a real beat, in processes of their own and in real time."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from scheduling.models import Heartbeat, Prompt
from tests.factories.scheduling import PromptFactory
from tests.factories.studies import StudyFactory
from tests.scheduling import worker
from tests.services.redis import RedisServer
from tests.services.smtp import SmtpSink

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="Celery is run with PostgreSQL"),
]


@contextmanager
def celery(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, **environment},
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def by_hand(command: str) -> Iterator[None]:
    """The same moment, from another thread."""

    def run() -> None:
        call_command(command, stdout=StringIO())
        connections.close_all()

    hand = threading.Thread(target=run)
    hand.start()
    yield
    hand.join()


@pytest.mark.slow
def test_a_real_worker_woken_by_a_real_beat_sends_what_is_due(
    smtp_sink: SmtpSink, redis_url: str, tmp_path: Path
) -> None:
    prompt = PromptFactory(due_at=timezone.now())
    where = {"CELERY_BROKER_URL": redis_url, "EMAIL_URL": smtp_sink.url}
    schedule = str(tmp_path / "beat")
    with (
        celery(
            "-A",
            "training_platform",
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "WARNING",
            **where,
        ) as at_work,
        celery(
            "-A",
            "tests.scheduling.quick_beat",
            "beat",
            "--schedule",
            schedule,
            "--loglevel",
            "WARNING",
            **where,
        ),
    ):
        (mail,) = smtp_sink.wait_for(1, seconds=30)
        assert mail.rcpt_tos == [prompt.enrolment.user.email]
        at_work.terminate()
        assert at_work.wait(timeout=30) == 0
    prompt.refresh_from_db()
    assert (prompt.state, prompt.attempts) == ("sent", 1)
    assert Heartbeat.objects.filter(name="tick").exists()


def test_losing_every_message_loses_nothing(
    mail_over_smtp: SmtpSink, redis_server: RedisServer
) -> None:
    PromptFactory(due_at=timezone.now())
    with worker.running(redis_server.url) as bench:
        redis_server.flush()
        bench.tick()
    assert len(mail_over_smtp.received) == 1


def test_four_senders_and_a_hand_at_once_send_each_mail_once(
    mail_over_smtp: SmtpSink, redis_url: str
) -> None:
    due_at, study = timezone.now(), StudyFactory()
    rows = [PromptFactory(due_at=due_at, enrolment__study=study) for _each in range(120)]
    with worker.running(redis_url, concurrency=4) as bench, by_hand("send_due"):
        bench.tick()
    assert len(mail_over_smtp.received) == 120
    assert {each.rcpt_tos[0] for each in mail_over_smtp.received} == {
        row.enrolment.user.email for row in rows
    }
    assert set(Prompt.objects.values_list("state", flat=True)) == {"sent"}
