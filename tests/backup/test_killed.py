"""A restore that was killed, at whatever moment: the same command again does it all."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from keeping import manifest, place
from tests.backup.asking import every_medium, every_row, refused, restore, shape
from tests.backup.conftest import Place
from tests.deployment.processes import wait_until
from tests.scheduling.programs import database_url
from tests.services import databases

pytestmark = pytest.mark.django_db(transaction=True)

# Kills itself at the n-th time that it opens, renames or removes something in the place, or starts
# a program, or has just ended one.
_KILLED = """
import os, signal, sys
from django.core.management import execute_from_command_line
root, at = os.environ["MEDIA_ROOT"], int(sys.argv[2])
seen = 0
def one_more():
    global seen
    seen += 1
    if seen == at:
        os.kill(os.getpid(), signal.SIGKILL)
def hook(event, given):
    if event in ("open", "os.rename", "os.remove", "os.truncate") and str(given[0]).startswith(root):
        one_more()
    elif event == "subprocess.Popen" or (event == "sqlite3.connect" and "kept" in str(given[0])):
        one_more()
sys.addaudithook(hook)
import keeping.databases
true = keeping.databases.restore
def restored(*args, **others):
    true(*args, **others)
    one_more()
keeping.databases.restore = restored
execute_from_command_line(["manage.py", "restore", sys.argv[1]])
"""


def environment(elsewhere: Place) -> dict[str, str]:
    there = database_url().rpartition("/")[0] + f"/{elsewhere.name}"
    url = f"sqlite:///{elsewhere.name}" if databases.engine() == "sqlite" else there
    return {**os.environ, "DATABASE_URL": url, "MEDIA_ROOT": str(elsewhere.media)}


def restored(kept: Path, elsewhere: Place, *, killed_at: int) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", _KILLED, str(kept), str(killed_at)],
        cwd=settings.BASE_DIR,
        env=environment(elsewhere),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_killed_at_each_moment_on_what_the_last_one_left(kept: Path, elsewhere: Place) -> None:
    rows, shapes, media = every_row(), shape(), every_medium()
    moments = 0
    while (ended := restored(kept, elsewhere, killed_at=moments + 1)).returncode:
        assert (ended.returncode, ended.stderr) == (-signal.SIGKILL, "")
        moments += 1
    assert f"the database and {len(media)} media" in ended.stdout
    assert moments > 3 * len(media)
    with elsewhere.here():
        assert every_row() == rows
        assert shape() == shapes
        assert every_medium() == media
        assert "is not empty" in refused(restore, kept)
        assert every_medium() == media


def killed_half_way(kept: Path, elsewhere: Place) -> set[str]:
    """The media that it left, the last of them half."""
    copied = 3
    assert restored(kept, elsewhere, killed_at=3 + 3 * copied).returncode == -signal.SIGKILL
    with elsewhere.here():
        left = set(every_medium()) - {place.NAME}
    assert len(left) >= copied
    return left


def test_another_backup_has_none_of_the_media_of_the_first(kept: Path, elsewhere: Place) -> None:
    left, made = killed_half_way(kept, elsewhere), manifest.read(kept)
    name = next(each for each in made.media() if each in left)
    others = {path: digest for path, digest in made.files.items() if path != f"media/{name}"}
    other = replace(made, files=others, missing=[name])
    (kept / manifest.NAME).write_text(other.text())
    with elsewhere.here():
        restore(kept)
        assert sorted(every_medium()) == sorted(other.media())


def test_database_that_was_made_there_meanwhile_is_not_taken_for_it(
    kept: Path, elsewhere: Place
) -> None:
    """As by deploy/prepare, in a hurry. The media stay until the place is empty again."""
    left = killed_half_way(kept, elsewhere)
    with elsewhere.here():
        call_command("migrate", verbosity=0)
        assert refused(restore, kept).startswith("The database that DATABASE_URL names is not")
        assert left <= set(every_medium())
        empty(elsewhere)
        restore(kept)
        assert sorted(every_medium()) == sorted(manifest.read(kept).media())


def empty(elsewhere: Place) -> None:
    if databases.engine() == "sqlite":
        Path(elsewhere.name).unlink()
        connections.close_all()
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def test_power_that_went_before_anything_was_there(kept: Path, elsewhere: Place) -> None:
    (elsewhere.media / place.NAME).write_text('{"version": "0.1')
    with elsewhere.here():
        restore(kept)
        assert sorted(every_medium()) == sorted(manifest.read(kept).media())


def test_what_somebody_else_put_there_stays(kept: Path, elsewhere: Place) -> None:
    killed_half_way(kept, elsewhere)
    (elsewhere.media / "theirs.mp4").write_bytes(b"theirs")
    with elsewhere.here():
        assert refused(restore, kept).startswith("MEDIA_ROOT is not empty")
        assert every_medium() == {"theirs.mp4": b"theirs"}


@pytest.mark.skipif(databases.engine() == "sqlite", reason="SQLite is copied in one go.")
def test_postgresql_that_goes_on_by_itself_is_waited_for(
    kept: Path, elsewhere: Place, tmp_path: Path
) -> None:
    """What is killed is the command alone; its pg_restore writes all of it a moment later."""
    rows, media = every_row(), every_medium()
    begun = tmp_path / "begun"
    (tmp_path / "pg_restore").write_text(
        f'#!/bin/sh\n[ "$1" = --version ] || {{ touch {begun}; sleep 2; }}\n'
        f'exec {databases.programs()}/pg_restore "$@"\n'
    )
    (tmp_path / "pg_restore").chmod(0o755)
    slow = {**environment(elsewhere), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = [sys.executable, "manage.py", "restore", str(kept)]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=slow)
    wait_until(begun.exists, "pg_restore did not begin")
    process.kill()
    process.wait()
    with elsewhere.here():
        assert refused(restore, kept).startswith("Another restore into this MEDIA_ROOT is under")
        wait_until(lambda: is_restored(kept), "pg_restore did not end")
        assert every_row() == rows
        assert every_medium() == media


def is_restored(kept: Path) -> bool:
    with suppress(CommandError):
        restore(kept)
        return True
    return False
