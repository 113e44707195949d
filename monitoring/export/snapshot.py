"""One view of the whole database for as long as an export reads, however much is written."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_PATIENCE_SECONDS = 5.0
_LOOK_SECONDS = 0.02


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read within sees the same moment. Must not be within another transaction."""
    _wait_for_writers()
    if connection.vendor == "postgresql":
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with _reading():
            yield


@contextmanager
def _reading() -> Iterator[None]:
    """SQLite: not `atomic`, which takes the lock for writing here, and would hold up everybody."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _wait_for_writers() -> None:
    """Until those who write now are done: what they write may bear a moment before the cut, and
    would be missing today and be there tomorrow. One that goes on for long is not waited for.
    """
    if connection.vendor != "postgresql":
        with transaction.atomic():  # gets the lock for writing, which there is one of
            return
    until = time.monotonic() + _PATIENCE_SECONDS
    # A number of our own, since a snapshot's xmax does not count those that have not ended.
    ours = _number("pg_current_xact_id()")
    while _number(_OLDEST) < ours and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)


# Of all transactions that have written and not ended.
_OLDEST = "pg_snapshot_xmin(pg_current_snapshot())"


def _number(expression: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}::text")
        return int(cursor.fetchone()[0])
