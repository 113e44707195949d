"""An export in a process of its own: nothing that the benchmark holds is counted with it.

Models are imported within, since a new process finds this module before Django is set up.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import django
import psutil
from django.db import connection

from bench import platform

FILE = "engagement.csv"
_TABLE = '"participants_engagement"'
T = TypeVar("T")


def apart(work: Callable[..., T], database: str, *arguments: Any) -> T:
    # Spawned, not forked, so that no memory goes along.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        max_workers=1, mp_context=context, initializer=_set_up, initargs=(database,)
    ) as pool:
        return pool.submit(work, *arguments).result()


def _set_up(database: str) -> None:
    django.setup()
    platform.use(database)


def copy(out: Path, rows: int) -> float:
    """Seconds that COPY takes for the query of which we make the file."""
    statement = _statement()
    with connection.cursor() as cursor, out.open("wb") as file:
        begin = time.perf_counter()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT csv, HEADER)", file)
        seconds = time.perf_counter() - begin
        _check(cursor.rowcount, rows)
    return seconds


def _statement() -> str:
    """As it is sent when the file is read."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, values: Any, *rest: Any) -> Any:
        asked.append((sql, values))
        return execute(sql, values, *rest)

    with connection.execute_wrapper(note):
        next(_pieces())
    [(sql, values)] = [each for each in asked if _TABLE in each[0]]
    with connection.cursor() as cursor:
        return str(cursor.mogrify(sql, values).decode())


def ours(out: Path, rows: int) -> float:
    """Seconds for that one file."""
    written = 0
    with out.open("wb") as file:
        begin = time.perf_counter()
        for piece in _pieces():
            file.write(piece)
            written += piece.count(b"\r\n")
        seconds = time.perf_counter() - begin
    _check(written - 1, rows)
    return seconds


def whole(out: Path) -> tuple[float, int]:
    """Seconds for the folder as `manage.py export` writes it, and its rows."""
    from monitoring.export import folder
    from monitoring.export.making import Export
    from monitoring.export.snapshot import snapshot

    export = Export(_cut())
    begin = time.perf_counter()
    with snapshot():
        folder.write(export, out)
    return time.perf_counter() - begin, sum(export.rows.values())


def held(rows: int) -> tuple[int, int]:
    """Bytes that this process alone holds (USS) after a tenth of the rows, and at most later."""
    process = psutil.Process()
    early, most, written = 0, 0, 0
    for piece in _pieces():
        written += piece.count(b"\r\n")
        if written * 10 < rows:
            continue
        now = process.memory_full_info().uss
        early, most = early or now, max(most, now)
    return early, most


def _pieces() -> Iterator[bytes]:
    from monitoring.export.making import Export
    from monitoring.export.snapshot import snapshot

    with snapshot():
        yield from next(content for name, content in Export(_cut()).files() if name == FILE)


def _cut() -> Any:
    """After everything: the benchmark's people are half-way through their weeks."""
    from monitoring.export.cut import Cut
    from studies.models import Study

    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=400)
    return Cut(study=Study.objects.get(), until=until)


def _check(found: int, rows: int) -> None:
    if found != rows:
        message = f"{rows} rows should have been exported; {found} were."
        raise SystemExit(message)
