"""Looks for words in every column of every table of the test database, unpacking what is packed.

After an erasure nothing may be found: neither in our own tables, nor in allauth's, the admin's log,
visitors' sessions or the shared cache.
"""

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection


def places_of(*words: str) -> list[str]:
    """ "table.column" for each column that holds one of `words`, in any case of letters, sorted."""
    wanted = [word.lower() for word in words]
    return sorted(
        {
            f"{table}.{column}"
            for table, column, text in _every_text()
            if any(word in text.lower() for word in wanted)
        }
    )


def _every_text() -> Iterator[tuple[str, str, str]]:
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                yield from ((table, column, text) for text in _readings(table, column, value))


def _readings(table: str, column: str, value: Any) -> Iterator[str]:
    """The value as it stands, and what it packs: a session, or a pickled value of the cache."""
    if isinstance(value, bytes | memoryview):
        yield bytes(value).decode("utf-8", "replace")
        return
    yield str(value)
    if (table, column) == ("django_session", "session_data"):
        yield str(SessionStore().decode(value))
    if (table, column) == ("shared_cache", "value"):
        try:
            yield base64.b64decode(value).decode("utf-8", "replace")
        except (binascii.Error, ValueError) as error:
            raise AssertionError(f"A value of the cache cannot be read: {value!r}") from error
