"""What is done between a statement and its answer, and what is not."""

import faulthandler
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, OperationalError, connection, transaction
from django.db.transaction import TransactionManagementError
from psycopg2.extensions import TRANSACTION_STATUS_ACTIVE, get_wait_callback

from scheduling import delivery
from scheduling.away import is_away
from scheduling.mail import Letter
from scheduling.meanwhile import OnItsWay, meanwhile
from scheduling.models import Prompt
from scheduling.outcomes import Outcome
from scheduling.taking import Taker
from scheduling.writing import Writer
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.scheduling.lives import row, told
from tests.scheduling.test_read_ahead import THURSDAY
from tests.services.smtp import SmtpSink

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite leaves nothing to wait for"),
]


@pytest.fixture(autouse=True)
def _connected_and_called_by_nobody_afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Threads of the mail server, or of a test before, ask no database."""
    monkeypatch.setattr("scheduling.meanwhile.active_count", lambda: 1)
    connection.ensure_connection()
    yield
    assert get_wait_callback() is None


def is_under_way() -> bool:
    return bool(connection.connection.get_transaction_status() == TRANSACTION_STATUS_ACTIVE)


def answer_to(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_work_is_done_once_and_before_the_answer_is_read() -> None:
    seen: list[bool] = []
    with meanwhile(lambda: seen.append(is_under_way())):
        assert answer_to("SELECT 1 FROM pg_sleep(0.05)") == 1
        assert answer_to("SELECT 2") == 2
    assert seen == [True]


def test_an_answer_of_any_length_is_read_whole() -> None:
    with meanwhile(lambda: None):
        assert answer_to("SELECT repeat('x', 10000000)") == "x" * 10_000_000
        assert answer_to(f"SELECT length('{'x' * 10_000_000}')") == 10_000_000


def test_work_that_asks_the_database_is_told_that_it_cannot() -> None:
    raised: list[type[Exception]] = []

    def ask() -> None:
        try:
            Study.objects.exists()
        except OnItsWay:
            raised.append(OnItsWay)

    with meanwhile(ask):
        assert answer_to("SELECT 1") == 1
    assert raised == [OnItsWay]
    assert not Study.objects.exists()


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (transaction.atomic(Study.objects.exists), OnItsWay),
        (transaction.atomic(durable=True)(Study.objects.exists), OnItsWay),
        (lambda: transaction.set_autocommit(False), TransactionManagementError),
        (transaction.commit, TransactionManagementError),
        (transaction.rollback, TransactionManagementError),
        (connection.close, None),
    ],
)
def test_work_cannot_wait_for_the_answer_that_waits_for_it(
    act: Callable[[], Any], expected: type[Exception] | None
) -> None:
    raised: list[type[Exception] | None] = []

    def act_meanwhile() -> None:
        try:
            act()
        except (OnItsWay, TransactionManagementError) as error:
            raised.append(type(error))
        else:
            raised.append(None)

    ours = connection.connection
    with dumped_after(20), meanwhile(act_meanwhile):
        assert answer_to("SELECT 1") == 1
    assert raised == [expected]
    assert connection.connection is ours
    assert not connection.in_atomic_block
    with transaction.atomic():
        assert answer_to("SELECT 2") == 2


@contextmanager
def dumped_after(seconds: float) -> Iterator[None]:
    """Waits in PostgreSQL's library see no signal: after so long the whole process ends, and says
    where it stood.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def test_it_is_not_done_beside_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its statement would be an error if it were on its way when psycopg2 calls back no more."""
    monkeypatch.setattr("scheduling.meanwhile.active_count", threading.active_count)
    done: list[int] = []
    is_over = threading.Event()
    thread = threading.Thread(target=is_over.wait)
    thread.start()
    with meanwhile(lambda: done.append(1)):
        assert get_wait_callback() is None
        answer_to("SELECT 1")
    is_over.set()
    thread.join()
    assert done == []


def test_another_connection_waits_as_ever_and_does_none_of_our_work() -> None:
    done: list[int] = []
    other = connection.copy()
    other.connect()
    with meanwhile(lambda: done.append(1)):
        with other.cursor() as cursor:
            cursor.execute("SELECT 3 FROM pg_sleep(0.05)")
            assert (cursor.fetchone()[0], done) == (3, [])
        answer_to("SELECT 1")
    other.close()
    assert done == [1]


def test_without_a_connection_one_is_made_and_nothing_else_done() -> None:
    connection.close()
    done: list[int] = []
    with meanwhile(lambda: done.append(1)):
        assert answer_to("SELECT 1") == 1
    assert done == []


def test_a_line_that_is_cut_meanwhile_is_the_database_being_away() -> None:
    with pytest.raises(OperationalError) as error, meanwhile(lambda: None):
        answer_to("SELECT pg_terminate_backend(pg_backend_pid())")
    assert is_away(error.value)
    connection.close()
    assert answer_to("SELECT 1") == 1


def test_a_refusal_is_told_as_ever() -> None:
    with pytest.raises(DataError, match="division by zero"), meanwhile(lambda: None):
        answer_to("SELECT 1 / 0")
    assert answer_to("SELECT 1") == 1


def expecting(count: int) -> list[Prompt]:
    """Their session mails, due on Thursday; all that came before has gone."""
    study = StudyFactory()
    people = [enrolled(study=study) for _each in range(count)]
    delivery.run(clock=lambda: MONDAY)
    return [row(each, "session", 1) for each in people]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Prompt, bool]]:
    """For each letter that is written, whether a statement was under way."""
    seen: list[tuple[Prompt, bool]] = []
    write = Writer.letter

    def watched(self: Writer, prompt: Prompt, *args: Any) -> Letter:
        letter = write(self, prompt, *args)
        seen.append((prompt, is_under_way()))
        return letter

    monkeypatch.setattr(Writer, "letter", watched)
    return seen


def test_each_letter_but_the_first_is_written_while_the_row_before_is_taken(
    mail_over_smtp: SmtpSink, written: list[tuple[Prompt, bool]]
) -> None:
    rows = expecting(4)
    written.clear()
    mail_over_smtp.reset()
    assert delivery.run(clock=lambda: THURSDAY).sent == 4
    assert written == list(zip(rows, [False, True, True, True], strict=True))
    assert [each.rcpt_tos for each in mail_over_smtp.received] == [
        [each.enrolment.user.email] for each in rows
    ]


def test_no_row_is_taken_by_writing_its_letter(written: list[tuple[Prompt, bool]]) -> None:
    first, second = expecting(2)
    written.clear()
    Taker().next_step(settling=None, now=THURSDAY)
    assert written == [(first, False), (second, True)]
    assert [told(each) for each in (first, second)] == ["sending", "planned"]


def test_a_letter_that_has_waited_for_long_is_written_anew(
    monkeypatch: pytest.MonkeyPatch, written: list[tuple[Prompt, bool]]
) -> None:
    """As where the server took its time for the mail before."""
    first, second = expecting(2)
    written.clear()
    taker = Taker()
    taker.next_step(settling=None, now=THURSDAY)
    began = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began + 1.1)
    before = Outcome(prompt=first, error=None, at=THURSDAY)
    step = taker.next_step(settling=before, now=THURSDAY)
    assert step is not None
    assert step.prompt == second
    assert written == [(first, False), (second, True), (second, False)]


def test_a_clock_that_was_set_forward_meanwhile_is_heeded(
    written: list[tuple[Prompt, bool]],
) -> None:
    """Its letter would have gone without a word of its being late."""
    first, second = expecting(2)
    taker = Taker()
    taker.next_step(settling=None, now=THURSDAY)
    before = Outcome(prompt=first, error=None, at=THURSDAY)
    step = taker.next_step(settling=before, now=THURSDAY + timedelta(days=2))
    assert step is not None
    assert step.letter is not None
    assert step.prompt == second
    assert b"Sorry, this comes late; that was us." in step.letter.envelope.data


def test_a_letter_that_needs_the_database_is_written_at_its_own_turn(
    mail_over_smtp: SmtpSink, written: list[tuple[Prompt, bool]]
) -> None:
    """What somebody agreed to is read for each."""
    study = StudyFactory()
    rows = [PromptFactory(due_at=MONDAY, enrolment__study=study) for _each in range(3)]
    assert delivery.run(clock=lambda: MONDAY).sent == 3
    assert written == [(each, False) for each in rows]
