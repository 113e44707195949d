"""The platform's own processes, to be killed."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from django.conf import settings

_CELERY = ["-m", "celery", "-A", "tests.scheduling.chaos.app"]
_QUIETLY = ["--loglevel", "ERROR"]
PER_WORKER = 2
_WORKER = ["worker", "--concurrency", str(PER_WORKER), "--without-gossip", "--without-mingle"]


class Service:
    """One that is started again when it is killed, as a supervisor would. Leads its own group."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self._command, self._environment = command, environment
        self._folder = Path(environment["STORM_FOLDER"]) / name
        self._folder.mkdir()
        self.start()

    def start(self) -> None:
        self._senders = self._folder / f"senders-{len(list(self._folder.iterdir()))}"
        self._senders.mkdir()
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command],
                cwd=settings.BASE_DIR,
                env={
                    **os.environ,
                    **self._environment,
                    "STORM_SENDERS": str(self._senders),
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def senders(self) -> list[int]:
        """Its processes that send mail and are alive."""
        said = [int(each.name) for each in self._senders.iterdir()]
        return [pid for pid in said if self._is_ours(pid)]

    def is_gone(self) -> bool:
        """It may give up by itself: Celery does, when a sender is killed while it begins."""
        return self._process.poll() is not None

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        """As at a deployment. Raises `TimeoutExpired`."""
        self._process.terminate()
        self._process.wait(timeout=15)

    def log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")

    def _is_ours(self, pid: int) -> bool:
        """Its number may have passed on to a stranger."""
        with suppress(ProcessLookupError):
            return os.getpgid(pid) == self._process.pid and not _is_zombie(pid)
        return False


def _is_zombie(pid: int) -> bool:
    """Killed, and not yet buried by the process that started it."""
    said = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return said.stdout.strip()[:1] in {"Z", ""}


def worker(number: int, environment: dict[str, str]) -> Service:
    name = f"worker-{number}"
    return Service(name, [*_CELERY, *_WORKER, "-n", name, *_QUIETLY], environment)


def beat(environment: dict[str, str]) -> Service:
    schedule = str(Path(environment["STORM_FOLDER"]) / "schedule")
    return Service("beat", [*_CELERY, "beat", "--schedule", schedule, *_QUIETLY], environment)


def hand(number: int, environment: dict[str, str]) -> Service:
    """`send_due`, which is its own and only sender."""
    return Service(f"hand-{number}", ["manage.py", "send_due", "--every", "1"], environment)
