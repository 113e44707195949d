"""At each deployment the programs are asked to stop, in the middle of whatever they do."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.utils import timezone

from scheduling.models import Prompt
from tests.scheduling.chaos import crowd
from tests.scheduling.programs import celery, manage
from tests.services.redis import RedisServer
from tests.services.smtp import SmtpSink

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PEOPLE = 300
GRACE = 40
"""Seconds that a program has to end in; all that is due would take longer by far."""


def burst(sink: SmtpSink) -> None:
    """Of a server that takes a quarter of a second a mail: far more than can go in time."""
    crowd.gather(PEOPLE, now=timezone.now(), over=timedelta(0), chance=Random(1))
    sink.delay("DOT", 0.25)


def check_nothing_was_in_hand(sink: SmtpSink) -> None:
    sent = len(sink.received)
    assert 0 < sent < PEOPLE
    assert Counter(Prompt.objects.values_list("state", "attempts")) == {
        ("sent", 1): sent,
        ("planned", 0): PEOPLE - sent,
    }


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="Celery is run with PostgreSQL")
def test_a_worker_asked_to_stop_in_a_burst_ends_with_nothing_in_hand(
    smtp_sink: SmtpSink, redis_server: RedisServer, tmp_path: Path
) -> None:
    assert connection.vendor == "postgresql"
    burst(smtp_sink)
    where = {"CELERY_BROKER_URL": redis_server.url, "EMAIL_URL": smtp_sink.url}
    with (
        celery("-A", "training_platform", "worker", "--concurrency", "2", **where) as at_work,
        celery(
            "-A",
            "tests.scheduling.quick_beat",
            "beat",
            "--schedule",
            str(tmp_path / "beat"),
            **where,
        ),
    ):
        smtp_sink.wait_for(10, seconds=30)
        at_work.terminate()
        assert at_work.wait(timeout=GRACE) == 0
    check_nothing_was_in_hand(smtp_sink)


def test_send_due_asked_to_stop_in_a_burst_ends_after_the_mail_in_hand(
    smtp_sink: SmtpSink,
) -> None:
    burst(smtp_sink)
    with manage("send_due", "--every", "1", EMAIL_URL=smtp_sink.url) as at_work:
        smtp_sink.wait_for(5, seconds=30)
        at_work.terminate()
        assert at_work.wait(timeout=GRACE) == 0
    check_nothing_was_in_hand(smtp_sink)
