"""After a transactional test: every table as the migrations left it, in few statements.

Django empties each table there is, full or not, and writes the names of all rights anew; that takes
longer than most tests. Here rows are deleted where there are some, and the names of rights are
looked at and left. Only where much was written, or they were changed, is it done as by Django.
"""

from collections.abc import Callable, Iterable

from django.db import connection, transaction

from tests.services import tables

# From so many rows in one table on, truncating is quicker.
MANY = 1000
# What is deleted or rolled back stays in PostgreSQL's files, to be read past, until they are cut.
OFTEN = 100


class Emptying:
    """For the database of one process. `thoroughly` empties it as Django does."""

    def __init__(self) -> None:
        self._times = 0
        self._left_by_migrations: tables.Rows = {}

    def __call__(self, thoroughly: Callable[[], None]) -> None:
        self._times += 1
        if self._times % OFTEN == 1 or not self._row_by_row():
            with tables.unguarded():
                thoroughly()
            self._left_by_migrations = tables.contents(tables.numbers(MANY))

    def _row_by_row(self) -> bool:
        """False if that will not do; then nothing is done."""
        with transaction.atomic():
            _wait_for_writers()
            numbers, left = tables.numbers(MANY), self._left_by_migrations
            if max(numbers.values(), default=0) == MANY or tables.contents(left) != left:
                return False
            _delete(numbers.keys() - left.keys())
        return True


def _wait_for_writers() -> None:
    """Threads that a test has left behind, as truncating would. SQLite lets one write at a time."""
    if connection.vendor == "postgresql":
        listed = ", ".join(map(connection.ops.quote_name, tables.names()))
        tables.run(f"LOCK TABLE {listed} IN EXCLUSIVE MODE")


def _delete(filled: Iterable[str]) -> None:
    if filled:
        with tables.unguarded():
            for table in filled:
                tables.run(f'DELETE FROM "{table}"')
