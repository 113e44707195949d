"""The two engines, each by its own means: one moment is kept, and put back whole or not at all."""

import os
import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils.translation import gettext as _

from keeping.refusing import CannotKeep

# Whoever has a key of it is signed in as that person, second step done.
VISITS = "django_session"

Query = Callable[[str], list[tuple[Any, ...]]]


def file_name() -> str:
    return "database.dump" if connection.vendor == "postgresql" else "database.sqlite3"


def is_empty() -> bool:
    return not connection.introspection.table_names(include_views=True)


@contextmanager
def dumped(path: Path) -> Iterator[Query]:
    """The database in `path`, but nobody's visits; what is asked within is answered as of the same
    moment.

    Must not be within a transaction. Raises CannotKeep.
    """
    with (_dumped if connection.vendor == "postgresql" else _copied)(path) as query:
        yield query


def made_at() -> datetime:
    """When its oldest migration was applied: in a restored one, before the backup. Must not be
    empty.
    """
    applied = MigrationRecorder(connection).migration_qs.aggregate(first=Min("applied"))["first"]
    assert isinstance(applied, datetime)  # none is without its own
    return applied


def restore(path: Path, *, handle: int) -> None:
    """Into the empty database; `handle` stays open for as long as anybody writes there. Raises
    CannotKeep, and leaves it empty then.
    """
    if connection.vendor == "postgresql":
        _run("pg_restore", "--single-transaction", "--exit-on-error", str(path), handle=handle)
        return
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(path)) as kept:
            kept.backup(connection.connection)
    except sqlite3.Error as error:
        words = _("The database was not restored: %(why)s.")
        raise CannotKeep(words % {"why": error}) from error


@contextmanager
def _dumped(path: Path) -> Iterator[Query]:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        leave_out = f"--exclude-table-data={VISITS}"
        _run("pg_dump", "--format=custom", leave_out, f"--snapshot={snapshot}", f"--file={path}")

        def query(sql: str) -> list[tuple[Any, ...]]:
            cursor.execute(sql)
            return list(cursor.fetchall())

        yield query


@contextmanager
def _copied(path: Path) -> Iterator[Query]:
    """Others go on writing; the copy is a file by itself, without a log of writing beside it."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        # Of which constraints are made: VACUUM asks for it, and SQLite has none of its own.
        copy.create_function("REGEXP", 2, _matches, deterministic=True)
        copy.execute("PRAGMA journal_mode=DELETE")
        if connection.introspection.table_names():
            copy.execute(f"DELETE FROM {VISITS}")  # noqa: S608
            copy.commit()
            # Else they stay in the file, where it has room for others.
            copy.execute("VACUUM")
        yield lambda sql: copy.execute(sql).fetchall()


def _matches(pattern: str, words: str | None) -> bool | None:
    return None if words is None else re.search(pattern, words) is not None


def _run(program: str, *arguments: str, handle: int | None = None) -> None:
    """One of PostgreSQL's own. Who owns what is not kept: it is whoever restores."""
    _refuse_newer(program)
    for_all = ("--no-owner", "--no-privileges", f"--dbname={_where()}")
    ended = _ended(program, *for_all, *arguments, handle=handle)
    if ended.returncode:
        said = ended.stderr.strip() or f"{ended.returncode}"
        words = _("%(program)s gave up, and nothing was kept of what it did. It said: %(said)s")
        raise CannotKeep(words % {"program": program, "said": said})


def _refuse_newer(program: str) -> None:
    """What they write begins with settings that an older server does not know, and it refuses all
    the rest then.
    """
    said = _ended(program, "--version").stdout
    theirs, ours = re.search(r"\d+", said), _major_version()
    if theirs is None or int(theirs[0]) > ours:
        words = _(
            "The database is PostgreSQL %(ours)d, and %(program)s is newer, or says no version: "
            "%(said)s. What it writes could not be restored there. Install PostgreSQL’s client "
            "programs of version %(ours)d; in the Dockerfile, that is one line."
        )
        raise CannotKeep(words % {"ours": ours, "program": program, "said": said.strip()})


def _major_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        [number] = cursor.fetchone()
    return int(number) // 10_000


def _ended(*command: str, handle: int | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PGPASSWORD": connection.settings_dict["PASSWORD"]}
    try:
        return subprocess.run(
            command,
            env=environment,
            pass_fds=() if handle is None else (handle,),
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        words = _(
            "There is no %(program)s on the PATH. Install PostgreSQL’s client programs, of the "
            "server’s version."
        )
        raise CannotKeep(words % {"program": command[0]}) from error


def _where() -> str:
    """As libpq reads it, without the password, which others would see among the processes."""
    # Only there with PostgreSQL, which SQLite's users need not have.
    from psycopg2.extensions import make_dsn

    given = connection.get_connection_params()
    # `cursor_factory` and the like are for psycopg2 itself.
    words = {name: each for name, each in given.items() if isinstance(each, str | int)}
    words.pop("password", None)
    return str(make_dsn(**words))
