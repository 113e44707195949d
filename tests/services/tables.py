"""The tables of all models, as one looks at them and fills them past every guard."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection, transaction

import frozen_rows

# Of a session of PostgreSQL: no trigger fires in the first.
ROLES = "replica", "origin"

Rows = dict[str, list[tuple[Any, ...]]]


def names() -> list[str]:
    return sorted(connection.introspection.django_table_names(include_views=False))


def numbers(most: int) -> dict[str, int]:
    """Of rows, counted up to `most`, for each table that has any."""
    counts = (
        f"SELECT '{table}', (SELECT COUNT(*) FROM (SELECT 1 FROM \"{table}\" LIMIT {most}) AS rows)"
        for table in names()
    )
    return {table: number for table, number in asked(" UNION ALL ".join(counts)) if number}


def contents(of: Iterable[str]) -> Rows:
    """All rows of small tables."""
    return {table: asked(f'SELECT * FROM "{table}" ORDER BY 1') for table in of}


@contextmanager
def unguarded() -> Iterator[None]:
    """Neither our guards nor, on PostgreSQL, foreign keys are asked. A transaction: all or nothing."""
    if connection.vendor == "sqlite":
        away, back = frozen_rows.uninstall, frozen_rows.install
    else:
        away, back = (partial(run, f"SET session_replication_role = {role}") for role in ROLES)
    with transaction.atomic():
        away()
        yield
        back()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def asked(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
