"""The platform's own processes: Celery workers, and its beat."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.platform import environment
from bench.services import Neighbours
from bench.wire import Sink

_ROOT = Path(__file__).parents[1]
_READY_SECONDS = 60
# In a container everyone is root, and Celery says at length that one should not be.
_QUIET = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}


@contextmanager
def workers(
    neighbours: Neighbours, sink: Sink, *, database: str, count: int = 2
) -> Iterator[list[int]]:
    """That many worker processes with one sender each, ready for work; gives their ids."""
    with ExitStack() as running:
        processes = [
            running.enter_context(
                celery(
                    environment(neighbours, database=database, mail=sink.url),
                    "worker",
                    "--concurrency=1",
                    f"--hostname=sender-{number}@bench",
                )
            )
            for number in range(count)
        ]
        _wait_until_ready(count)
        yield [process.pid for process in processes]
        # All at once: each is waited for after that.
        for process in processes:
            process.terminate()


@contextmanager
def celery(
    environment: dict[str, str], *arguments: str, app: str = "training_platform"
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", app, *arguments, "--loglevel=WARNING"],
        cwd=_ROOT,
        env=environment | _QUIET,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_until_ready(count: int) -> None:
    from training_platform.celery import app

    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        if len(app.control.ping(timeout=0.5, limit=count) or []) >= count:
            return
    message = f"{count} Celery workers were not ready within {_READY_SECONDS} seconds."
    raise SystemExit(message)
