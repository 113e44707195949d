"""Something to do while PostgreSQL brings a commit to its disk.

psycopg2 calls back whenever it waits for the server. So nothing runs beside anything else: the
statement is sent, this thread does its work, and then reads the answer.
"""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import active_count
from typing import Any, NoReturn

from django.db import connection
from psycopg2.extensions import POLL_OK, POLL_READ, get_wait_callback, set_wait_callback


class OnItsWay(Exception):
    """A statement is on its way: nothing else can be asked before it is answered."""


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """`work` is done once, between sending the first statement inside and reading its answer. It
    must not raise. Each statement of its own raises `OnItsWay`, within a transaction or not; to end
    one raises `TransactionManagementError`; and closing the connection has no effect.

    It is not done at all where nothing is sent or connected, where psycopg2 calls somebody else (a
    library for green threads), nor in a process of several threads: psycopg2 calls back for all of
    them, and a statement of another one that is on its way when that ends would be an error.
    """
    if connection.connection is None or get_wait_callback() is not None or active_count() > 1:
        yield
        return
    set_wait_callback(_Waiting(connection.connection, work))
    try:
        yield
    finally:
        set_wait_callback(None)


class _Waiting:
    """Called for each connection of the process: one thread may have several."""

    def __init__(self, ours: object, work: Callable[[], None]) -> None:
        self._ours = ours
        self._work: Callable[[], None] | None = work

    def __call__(self, waiting: Any) -> None:
        while (state := waiting.poll()) != POLL_OK:
            if state == POLL_READ and waiting is self._ours:
                self._do()
            _wait(waiting, select.POLLIN if state == POLL_READ else select.POLLOUT)

    def _do(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            with _as_in_a_transaction(), connection.execute_wrapper(_refused):
                work()


@contextmanager
def _as_in_a_transaction() -> Iterator[None]:
    """And as in one that was cut: then Django neither begins, ends nor closes anything. Any of it
    would wait for the answer that only we can read.
    """
    before = (connection.in_atomic_block, connection.closed_in_transaction)
    rolls_back = connection.needs_rollback
    connection.in_atomic_block = connection.closed_in_transaction = True
    try:
        yield
    finally:
        connection.in_atomic_block, connection.closed_in_transaction = before
        connection.needs_rollback = rolls_back


def _wait(waiting: Any, event: int) -> None:
    poll = select.poll()
    poll.register(waiting.fileno(), event)
    poll.poll()


def _refused(*_statement: object) -> NoReturn:
    raise OnItsWay
