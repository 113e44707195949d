"""Two things at once, each with its own connection to the database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from time import sleep

import pytest
from django.db import connection, connections, transaction

from scheduling import delivery, housekeeping, services
from scheduling.models import Prompt
from scheduling.services import choose_day, moving
from scheduling.taking import Taker
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.scheduling.lives import at, row, sessions, told
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)

THURSDAY = at("2026-01-08 19:00")


def at_once(*works: Callable[[], object]) -> None:
    """Each in a thread, all begun together; what one raises is raised here."""
    start = threading.Barrier(len(works))
    raised: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - told below
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def test_many_senders_at_once_send_each_mail_once(mail_over_smtp: SmtpSink) -> None:
    study = StudyFactory()
    rows = [PromptFactory(due_at=MONDAY, enrolment__study=study) for _each in range(40)]
    reports = []
    at_once(*[lambda: reports.append(delivery.run(clock=lambda: MONDAY))] * 6)
    assert sorted(each.rcpt_tos[0] for each in mail_over_smtp.received) == sorted(
        each.enrolment.user.email for each in rows
    )
    assert sum(report.sent for report in reports) == 40
    assert set(Prompt.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.parametrize("round_", range(5))
def test_a_move_against_the_tick_either_wins_or_leaves_the_row_alone(
    mail_over_smtp: SmtpSink, round_: int
) -> None:
    ann = enrolled()
    at_once(
        lambda: delivery.run(clock=lambda: THURSDAY),
        lambda: services.change_day(
            enrolment=ann,
            weekday=6,
            local_time=time(10),
            zone="Europe/London",
            now=at("2026-01-08 18:59"),
        ),
    )
    received = [each.message["Subject"] for each in mail_over_smtp.received]
    first = row(ann, "session", 1)
    if "Your Thursday session" in received:
        assert (first.state, first.due_at) == ("sent", THURSDAY)
        assert sessions(ann)[0] == "2 Sat 17 Jan 10:00"
    else:
        assert (first.state, first.due_at) == ("planned", at("2026-01-10 10:00"))
    assert list(ann.sessions.in_order().values_list("opens_at", flat=True)) == list(
        ann.prompts.filter(kind="session").order_by("occurrence").values_list("due_at", flat=True)
    )


@pytest.mark.parametrize("round_", range(5))
def test_leaving_against_the_tick_leaves_nothing_planned_but_the_confirmation(
    mail_over_smtp: SmtpSink, round_: int
) -> None:
    ann = enrolled()
    at_once(
        lambda: delivery.run(clock=lambda: THURSDAY),
        lambda: services.leave(enrolment=ann, level="everything", reason="", now=THURSDAY),
    )
    delivery.run(clock=lambda: THURSDAY)
    assert told(row(ann, "withdrawal")) == "sent"
    assert not Prompt.objects.planned().exists()
    assert set(Prompt.objects.values_list("state", flat=True)) <= {"sent", "cancelled"}


def test_two_clicks_at_once_make_one_plan() -> None:
    ann = EnrolmentFactory()
    at_once(
        *[
            lambda: choose_day(
                enrolment=ann, weekday=4, local_time=time(19), zone="Europe/London", now=MONDAY
            )
        ]
        * 4
    )
    assert ann.prompts.count() == 10
    assert ann.sessions.count() == 4


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no rows to pass by")
def test_a_row_that_another_holds_is_passed_by() -> None:
    assert connection.vendor == "postgresql"
    held, free = PromptFactory(due_at=MONDAY), PromptFactory(due_at=MONDAY)
    taken = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM scheduling_prompt WHERE id = %s FOR UPDATE", [held.pk])
            taken.set()
            done.wait(10)
            cursor.execute("ROLLBACK")
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(10)
    step = Taker().next_step(settling=None, now=MONDAY)
    done.set()
    holder.join()
    assert step is not None
    assert step.prompt == free


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite lets one write at a time")
def test_an_erasure_waits_for_the_person_before_it_locks_their_mails() -> None:
    """As leaving, pausing and writing now do: in another order, two would wait for each other."""
    assert connection.vendor == "postgresql"
    ann = enrolled()
    services.leave(enrolment=ann, level="erasure", reason="", now=MONDAY)
    after = MONDAY + timedelta(days=2)
    with ThreadPoolExecutor() as others:
        with transaction.atomic():
            moving.locked(ann)
            erasing = others.submit(in_a_thread, lambda: housekeeping.finish_erasures(now=after))
            wait_until_one_waits()
            assert len(Prompt.objects.filter(enrolment=ann).select_for_update(nowait=True)) == 11
        assert erasing.result(timeout=10) == 1


def in_a_thread(work: Callable[[], int]) -> int:
    try:
        return work()
    finally:
        connections.close_all()


def wait_until_one_waits() -> None:
    for _each in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        sleep(0.01)
    pytest.fail("Nobody waited for a lock.")


def test_a_database_away_for_a_moment_loses_nothing(mail_over_smtp: SmtpSink) -> None:
    """The connection is cut between the final dot and the commit of “sent”."""
    PromptFactory(due_at=MONDAY)
    PromptFactory(due_at=MONDAY)

    def cut() -> bool:
        if len(mail_over_smtp.received) == 1 and connection.connection is not None:
            _break_connection()
        return False

    assert delivery.run(clock=lambda: MONDAY, stop=cut).sent == 2
    assert len(mail_over_smtp.received) == 2
    assert set(Prompt.objects.values_list("state", flat=True)) == {"sent"}


def _break_connection() -> None:
    if connection.vendor == "sqlite":
        connection.close()
        return
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid

    def terminate() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        connections.close_all()

    thread = threading.Thread(target=terminate)
    thread.start()
    thread.join()
