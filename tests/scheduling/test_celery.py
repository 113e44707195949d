"""A real worker and a real beat, in processes of their own and in real time."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from scheduling.models import Heartbeat, Prompt
from tests.factories.scheduling import PromptFactory, WordingFactory
from tests.factories.studies import StudyFactory
from tests.scheduling import worker
from tests.scheduling.chaos import crowd
from tests.scheduling.lives import told
from tests.scheduling.programs import celery, manage
from tests.services import databases
from tests.services.redis import RedisServer
from tests.services.smtp import SmtpSink

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(databases.engine() == "sqlite", reason="Celery is run with PostgreSQL"),
]

QUICK_BEAT = "tests.scheduling.quick_beat"


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
    with (
        celery("-A", "training_platform", "worker", "--concurrency", "2", **where) as at_work,
        celery("-A", QUICK_BEAT, "beat", "--schedule", str(tmp_path / "beat"), **where),
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


@pytest.mark.slow
def test_two_beats_six_workers_and_a_hand_send_each_mail_once(
    smtp_sink: SmtpSink, redis_url: str, tmp_path: Path
) -> None:
    """Two beats are a mistake that is easily made; each tick then comes twice."""
    where = {"CELERY_BROKER_URL": redis_url, "EMAIL_URL": smtp_sink.url}
    smtp_sink.delay("DOT", 0.02)
    crowd.gather(
        600,
        now=timezone.now() + timedelta(seconds=8),
        over=timedelta(seconds=3),
        chance=random.Random(1),
    )
    with ExitStack() as programs:
        for number in (1, 2):
            schedule = str(tmp_path / f"beat-{number}")
            programs.enter_context(
                celery("-A", QUICK_BEAT, "beat", "--schedule", schedule, **where)
            )
        for number in range(6):
            arguments = ["--pool", "solo", "--hostname", f"worker-{number}"]
            programs.enter_context(celery("-A", "training_platform", "worker", *arguments, **where))
        programs.enter_context(manage("send_due", "--every", "1", **where))
        smtp_sink.wait_for(600, seconds=60)
    addresses = Counter(each.rcpt_tos[0] for each in smtp_sink.received)
    assert (len(addresses), set(addresses.values())) == (600, {1})
    assert Counter(Prompt.objects.values_list("state", "attempts")) == {("sent", 1): 600}
    # Each sender at work keeps one. Seven could; one is at the ticks, and may come too late.
    assert smtp_sink.connections > 4


def test_a_bad_row_and_a_bad_study_stop_nobody_else(
    mail_over_smtp: SmtpSink, redis_url: str
) -> None:
    """Looked at first, for they were due first."""
    now = timezone.now()
    early, study = now - timedelta(hours=1), StudyFactory()
    # No version of these words can be written: they were not saved by the form, which looks.
    wordless = WordingFactory(kind="withdrawal", body="{nothing_of_that_name}").study
    bad_study = [
        PromptFactory(kind="withdrawal", due_at=early, enrolment__study=wordless) for _each in "123"
    ]
    never_agreed = PromptFactory(due_at=early, enrolment__agreed=False, enrolment__study=study)
    unwritable = PromptFactory(
        due_at=early, enrolment__user__email="jürgen@example.org", enrolment__study=study
    )
    good = [PromptFactory(due_at=now, enrolment__study=study) for _each in range(20)]
    with worker.running(redis_url) as bench:
        for _each in range(3):
            bench.tick()
    assert sorted(each.rcpt_tos[0] for each in mail_over_smtp.received) == sorted(
        each.enrolment.user.email for each in good
    )
    assert [told(each) for each in (*bad_study, never_agreed)] == ["planned unrenderable"] * 4
    assert told(unwritable) == "failed address_refused"
    assert {told(each) for each in good} == {"sent"}
