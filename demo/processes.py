"""The demonstration's two processes: the web server, and a sender that looks every few seconds."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

Processes = dict[str, subprocess.Popen[bytes]]
SEND_EVERY_SECONDS = "5"
STARTED_WITHIN_SECONDS = 30
STOPPED_WITHIN_SECONDS = 10


@contextmanager
def running(port: int) -> Iterator[Processes]:
    """Both processes, answering; on the way out both are stopped, whatever happened."""
    processes: Processes = {}
    try:
        processes["web server"] = _web(port)
        processes["sender"] = _sender()
        _wait_until_answering(port, processes)
        yield processes
    finally:
        stop(processes)


def watch(processes: Processes) -> None:
    """Returns when asked to stop (Ctrl-C, SIGTERM); raises if one process ends by itself."""
    asked = []

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.append(True)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    while not asked:
        _raise_if_ended(processes)
        time.sleep(0.2)


def stop(processes: Processes) -> None:
    for process in processes.values():
        process.terminate()
    for process in processes.values():
        try:
            process.wait(STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _web(port: int) -> subprocess.Popen[bytes]:
    return _start(
        "-m",
        "gunicorn",
        "training_platform.wsgi",
        f"--bind=127.0.0.1:{port}",
        "--threads=8",
        "--no-control-socket",
        "--log-level=warning",
    )


def _sender() -> subprocess.Popen[bytes]:
    return _start("manage.py", "send_due", "--every", SEND_EVERY_SECONDS)


def _start(*command: str) -> subprocess.Popen[bytes]:
    # A group of its own: Ctrl-C reaches this process alone, which then stops the others in order.
    return subprocess.Popen(
        [sys.executable, *command], cwd=settings.BASE_DIR, start_new_session=True
    )


def _wait_until_answering(port: int, processes: Processes) -> None:
    until = time.monotonic() + STARTED_WITHIN_SECONDS
    while time.monotonic() < until:
        _raise_if_ended(processes)
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise CommandError(_("The web server did not answer. Its own words are above."))


def _raise_if_ended(processes: Processes) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise CommandError(
                _("The %(name)s stopped by itself. Its own words are above.") % {"name": name}
            )
