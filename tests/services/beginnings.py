"""What takes long to live through, lived through once by each process and then put back.

    lived = beginning(world.begin)      # in a fixture, before anything else is written

Every table is filled as it was, with the same keys; the files that rows name are where MEDIA_ROOT is
now; and what the function gave is given again, as a copy. Nothing else is kept, the first time
either: no mail that was sent, and nothing that a cache held.
"""

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.db.models import FileField

from tests.services import tables

T = TypeVar("T")

LEFT_BY_MIGRATIONS = {"auth_permission", "django_content_type"}


@dataclass(frozen=True)
class Beginning:
    rows: dict[str, Any]
    files: dict[str, bytes]
    given: bytes


_known: dict[tuple[Any, ...], Beginning] = {}


def beginning(live: Callable[..., T], *how: Any) -> T:
    """What `live(*how)` gives; the database must be empty."""
    assert tables.numbers(1).keys() == LEFT_BY_MIGRATIONS
    key = (live.__module__, live.__qualname__, *how, _named())
    if key in _known:
        _put_back(_known[key])
    else:
        given = pickle.dumps(live(*how))
        filled = tables.numbers(1).keys() - LEFT_BY_MIGRATIONS
        _known[key] = Beginning({table: _rows(table) for table in filled}, _files(), given)
        mail.outbox.clear()
        cache.clear()
    copy: T = pickle.loads(_known[key].given)
    return copy


def _named() -> str:
    """The numbers of rights, which rows refer to, and which other tests can change."""
    return repr(tables.contents(sorted(LEFT_BY_MIGRATIONS)))


def _put_back(known: Beginning) -> None:
    for name, content in known.files.items():
        file = Path(settings.MEDIA_ROOT) / name
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    write = _write_by_copy if connection.vendor == "postgresql" else _write_by_insert
    with tables.unguarded():
        for table, kept in known.rows.items():
            write(table, kept)


def _files() -> dict[str, bytes]:
    """By their names."""
    names = {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, FileField)
        for name in model._default_manager.values_list(field.name, flat=True)
        if name
    }
    return {name: (Path(settings.MEDIA_ROOT) / name).read_bytes() for name in names}


def _rows(table: str) -> Any:
    if connection.vendor == "postgresql":
        file = io.StringIO()
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', file)
        return file.getvalue()
    # By the sign, as they are stored: of a plain column Python would make dates and times.
    return tables.asked(f"SELECT {', '.join(f'+{name}' for name in _columns(table))} FROM {table}")


def _write_by_copy(table: str, kept: str) -> None:
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(kept))


def _write_by_insert(table: str, kept: list[tuple[Any, ...]]) -> None:
    columns = _columns(table)
    with connection.cursor() as cursor:
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", kept)


def _columns(table: str) -> list[str]:
    return [f'"{name}"' for _, name, *_ in tables.asked(f'PRAGMA table_info("{table}")')]
