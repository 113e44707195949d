"""Whoever stops a command half-way finds nothing half done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from keeping import stopping
from keeping.refusing import CannotKeep
from tests.backup.asking import backup
from tests.backup.conftest import Place
from tests.scheduling.programs import database_url
from tests.services import databases

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(databases.engine() == "sqlite", reason="SQLite is copied in one go."),
]


def started(command: str, folder: Path, programs: Path, **environment: str) -> subprocess.Popen:
    """With a program of PostgreSQL that takes its time."""
    for name in ("pg_dump", "pg_restore"):
        (programs / name).write_text(f"#!/bin/sh\ntouch {programs}/begun\nexec sleep 60\n")
        (programs / name).chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    environment = {"DATABASE_URL": database_url(), "PATH": path, **environment}
    process = subprocess.Popen(
        [sys.executable, "manage.py", command, str(folder)],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    while not (programs / "begun").exists():
        assert process.poll() is None
        time.sleep(0.05)
    return process


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    (tmp_path / "slow").mkdir()
    return tmp_path / "slow"


def ended(process: subprocess.Popen, by: signal.Signals) -> str:
    process.send_signal(by)
    _said, told = process.communicate(timeout=30)
    assert process.returncode == 1
    return told


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_backup(kept: Path, slow: Path, tmp_path: Path, by: signal.Signals) -> None:
    before = sorted(each.name for each in tmp_path.iterdir())
    process = started("backup", tmp_path / "next", slow)
    assert len(list(tmp_path.iterdir())) == len(before) + 1
    assert ended(process, by) == "CommandError: Stopped, and nothing was left behind.\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == before


def test_restore(kept: Path, slow: Path, elsewhere: Place) -> None:
    url = database_url().rpartition("/")[0] + f"/{elsewhere.name}"
    process = started("restore", kept, slow, DATABASE_URL=url, MEDIA_ROOT=str(elsewhere.media))
    assert list(elsewhere.media.iterdir()) != []
    assert ended(process, signal.SIGTERM) == "CommandError: Stopped, and nothing was left behind.\n"
    assert list(elsewhere.media.iterdir()) == []


def test_backup_that_was_killed_is_gone_with_the_next_after_half_a_day(
    kept: Path, slow: Path, tmp_path: Path
) -> None:
    """Whoever is erased meanwhile would live in it, where nobody looks."""
    process = started("backup", tmp_path / "next", slow)
    process.kill()
    process.communicate(timeout=30)
    [left] = tmp_path.glob(".next.*")
    backup(tmp_path / "soon")
    assert left.exists()
    os.utime(left, times=(time.time() - 13 * 3600,) * 2)
    backup(tmp_path / "later")
    assert not left.exists()


def test_tidying_is_not_interrupted() -> None:
    tidied = []
    with pytest.raises(CannotKeep), stopping.in_order():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGINT)
            tidied.append("all")
    assert tidied == ["all"]
    assert signal.getsignal(signal.SIGINT) == signal.default_int_handler
