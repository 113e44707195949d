"""The two commands, and all that a database and a folder of media hold."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

_SHAPE = {
    "postgresql": (
        "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT conrelid::regclass::text, conname, convalidated FROM pg_constraint WHERE conrelid > 0",
        "SELECT sequencename, last_value FROM pg_sequences",
    ),
    "sqlite": ("SELECT name, sql FROM sqlite_master", "SELECT name, seq FROM sqlite_sequence"),
}


def backup(folder: Path) -> str:
    said = StringIO()
    call_command("backup", str(folder), stdout=said)
    return said.getvalue()


def restore(folder: Path) -> str:
    said = StringIO()
    call_command("restore", str(folder), stdout=said)
    return said.getvalue()


def refused(command: Any, folder: Path) -> str:
    """The sentence."""
    with pytest.raises(CommandError) as refusal:
        command(folder)
    assert refusal.value.returncode == 1
    return str(refusal.value)


def every_row() -> dict[str, list[str]]:
    """Table to its rows, in an order of their own."""
    return {
        table: _rows(f'SELECT * FROM "{table}"') for table in connection.introspection.table_names()
    }


def shape() -> list[list[str]]:
    """Indexes, triggers, constraints, and where the counting of keys has come to."""
    return [_rows(query) for query in _SHAPE[connection.vendor]]


def every_medium() -> dict[str, bytes]:
    root = Path(settings.MEDIA_ROOT)
    return {
        str(each.relative_to(root)): each.read_bytes() for each in root.rglob("*") if each.is_file()
    }


def _rows(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(repr([_plain(value) for value in row]) for row in cursor.fetchall())


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
