"""Where the tests run: every variable that the settings read, and one throw-away folder.

Set before Django reads its settings, and complete, so that nothing set on the machine leaks in.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_FOLDER = "FOUR_WEEKS_TESTS_FOLDER"
_PREFIX = "four-weeks-tests-"

# Read by the settings, and left at their defaults in tests unless named in `prepare`.
_DEFAULTED = (
    "CELERY_BROKER_URL",
    "DEBUG",
    "DEMO",
    "EMAIL_FROM",
    "MAIL_EVENTS",
    "MEDIA_ACCEL",
    "SECRET_KEY_FALLBACKS",
    "STAFF_MFA",
    "TRUSTED_PROXIES",
)


def worker() -> str:
    """The pytest-xdist worker's name, "gw0" and so on; "main" without workers."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def folder() -> Path:
    """The run's own folder, made by the first process and shared with its workers."""
    if _FOLDER not in os.environ:
        _sweep()
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-")
    return Path(os.environ[_FOLDER])


def prepare(database_url: str) -> None:
    for name in _DEFAULTED:
        os.environ.pop(name, None)
    media = folder() / f"media-{worker()}"
    media.mkdir(exist_ok=True)
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "training_platform.settings",
            "SECRET_KEY": "for tests alone, and long enough to pass every check of its length",
            "DATABASE_URL": database_url,
            "EMAIL_URL": "memorymail://",
            "SITE_URL": "http://testserver",
            "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
            "MEDIA_ROOT": str(media),
        }
    )


def clear() -> None:
    """Remove the run's folder; called by the process that made it, once its servers are down."""
    shutil.rmtree(folder(), ignore_errors=True)


def _sweep() -> None:
    """Remove what killed runs left behind.

    A PostgreSQL whose folder goes notices within a minute, and ends by itself.
    """
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if not _is_running(int(left.name.removeprefix(_PREFIX).split("-")[0])):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(pid: int) -> bool:
    with suppress(PermissionError):  # someone else's process: running
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
