"""Rounds of `send_due` and of Celery, when the database or the setup fails them."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.db import connection, connections
from django.utils import timezone
from pytest_django.fixtures import Settings

from scheduling import delivery, housekeeping, tasks
from scheduling.management.commands.send_due import Command
from scheduling.models import Heartbeat, Prompt
from tests.factories.scheduling import MONDAY, PromptFactory
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work: Callable[[], object]) -> None:
    """On another connection to the database."""

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def cut(backend: int) -> None:
    """As a PostgreSQL that is restarted does with all its connections."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


class Rounds(threading.Event):
    """So many; before each but the first something happens."""

    def __init__(self, count: int, between: Callable[[], None]) -> None:
        super().__init__()
        self._left = count
        self._between = between

    def wait(self, timeout: float | None = None) -> bool:
        self._left -= 1
        if self._left:
            self._between()
        else:
            self.set()
        return self.is_set()


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no line to cut")
def test_send_due_every_goes_on_after_postgresql_was_restarted(
    mail_over_smtp: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    """While it waited for its next round, each time."""

    def restart() -> None:
        connection.ensure_connection()
        backend = connection.connection.info.backend_pid
        elsewhere(lambda: cut(backend))
        elsewhere(lambda: PromptFactory(due_at=timezone.now()))

    Command(stdout=StringIO()).go_on(0.1, Rounds(4, restart))
    assert len(mail_over_smtp.received) == 3
    assert caplog.messages == []


def test_a_beat_that_fails_ends_no_round_and_loses_no_answer(
    mail_over_smtp: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    """It is asked for with the answer to a mail in hand; here its table is away meanwhile."""
    for _each in range(4):
        PromptFactory(due_at=MONDAY)
    table = Heartbeat._meta.db_table
    times = (MONDAY + timedelta(seconds=31 * count) for count in range(100))

    def rename(there: str, back: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{there}" RENAME TO "{back}"')

    def clock() -> datetime:
        match len(mail_over_smtp.received):
            case 1:
                rename(table, "away")
            case 3:
                rename("away", table)
        return next(times)

    delivery.run(clock=lambda: MONDAY, stop=housekeeping.beating(lambda: False, clock=clock))
    assert set(Prompt.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert len(mail_over_smtp.received) == 4
    assert [each for each in caplog.messages if "beating" in each] == [
        f"beating failed: {kind}"
        for kind in ["OperationalError" if connection.vendor == "sqlite" else "ProgrammingError"]
        * 2
    ]
    assert Heartbeat.objects.get().beat_at == MONDAY + timedelta(seconds=31 * 4)


def test_of_a_task_that_fails_the_log_says_no_more_than_the_kind(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Celery would log the error's own words, and the lines of code it passed through."""
    settings.EMAIL_BACKEND = "ann@example.org"
    PromptFactory(due_at=timezone.now())
    assert tasks.deliver.apply().successful()
    said = [each for each in caplog.messages if not each.startswith("Task ")]
    assert said == ["sending failed: ImproperlyConfigured"]
    assert "ann@" not in caplog.text
