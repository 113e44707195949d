"""A restore that cannot be done whole is not begun, or leaves nothing: a sentence, and 1."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from courses.models import Course
from keeping import manifest, place
from keeping.manifest import Manifest
from keeping.media import digest_of
from tests.backup.asking import backup, every_medium, refused, restore
from tests.backup.conftest import Place
from tests.factories.courses import CourseFactory
from tests.scheduling.programs import database_url
from tests.services import databases

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nothing(elsewhere: Place, kept: Path) -> Callable[[], str]:
    """The sentence of a restore that leaves the place as empty as it was."""

    def refuse(folder: Path = kept) -> str:
        with elsewhere.here():
            said = refused(restore, folder)
            assert connection.introspection.table_names() == []
            assert list(elsewhere.media.iterdir()) == []
        return said

    return refuse


def rewritten(kept: Path, change: Callable[[Manifest], Manifest]) -> None:
    (kept / manifest.NAME).write_text(change(manifest.read(kept)).text())


def medium(kept: Path) -> Path:
    return next(each for each in (kept / "media").rglob("*") if each.is_file())


def test_backup_of_a_newer_version(nothing: Callable[[], str], kept: Path) -> None:
    rewritten(kept, lambda made: replace(made, version="0.10.0"))
    assert nothing() == (
        "The backup was made by version 0.10.0, which is newer than this one (0.1.0). "
        "Restore it with the version that made it."
    )


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("1.0.0", "1.0.0rc1"), ("1.0.0rc2", "1.0.0rc1"), ("1.0.0rc1", "0.9"), ("1.0.1.dev1", "1.0.0")],
)
def test_backup_of_a_newer_version_that_is_being_tried_out(
    nothing: Callable[[], str], kept: Path, settings: Settings, theirs: str, ours: str
) -> None:
    settings.APP_VERSION = ours
    rewritten(kept, lambda made: replace(made, version=theirs))
    assert f"made by version {theirs}, which is newer than this one ({ours})" in nothing()


def test_backup_of_what_is_no_version(nothing: Callable[[], str], kept: Path) -> None:
    rewritten(kept, lambda made: replace(made, version="the new one"))
    assert nothing() == (
        "The backup names “the new one” as the version that made it, which is none: it cannot be "
        "told whether this one (0.1.0) reads it. Take another backup."
    )


def test_backup_with_a_migration_that_this_code_does_not_have(
    nothing: Callable[[], str], kept: Path
) -> None:
    rewritten(kept, lambda made: replace(made, migrations=[*made.migrations, "courses.0009_later"]))
    assert "newer than this one" in nothing()


@pytest.mark.parametrize(
    ("theirs", "ours"), [("0.0.9", "0.1.0"), ("1.0.0rc1", "1.0.0"), ("1.0.0rc1", "1.0.0rc1")]
)
def test_backup_of_an_older_version_is_taken(
    elsewhere: Place, kept: Path, settings: Settings, theirs: str, ours: str
) -> None:
    settings.APP_VERSION = ours
    rewritten(kept, lambda made: replace(made, version=theirs))
    with elsewhere.here():
        restore(kept)
        assert Course.objects.exists()


def test_backup_of_another_engine(nothing: Callable[[], str], kept: Path) -> None:
    rewritten(kept, lambda made: replace(made, engine="oracle"))
    said = nothing()
    assert said.startswith(f"The backup is of oracle, and DATABASE_URL names {connection.vendor}.")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"sha256": "x"}', '"x"'])
def test_manifest_that_cannot_be_read(nothing: Callable[[], str], kept: Path, damage: str) -> None:
    (kept / "manifest.json").write_text(damage)
    assert nothing() == f"The manifest.json of “{kept}” is damaged. Take another backup."


def test_manifest_in_which_something_was_changed(nothing: Callable[[], str], kept: Path) -> None:
    said = json.loads((kept / "manifest.json").read_text())
    said["files"].popitem()
    (kept / "manifest.json").write_text(json.dumps(said))
    assert "is damaged" in nothing()


def test_folder_that_is_no_backup(nothing: Callable[[Path], str], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    for folder in (tmp_path / "other", tmp_path / "nowhere"):
        assert "is no backup, or cannot be read" in nothing(folder)


def test_backup_without_one_of_its_media(nothing: Callable[[], str], kept: Path) -> None:
    lost = medium(kept)
    lost.unlink()
    name = lost.relative_to(kept)
    assert nothing() == f"The backup is not whole: “{name}” is missing. Take another."


def test_backup_with_a_medium_that_was_changed(nothing: Callable[[], str], kept: Path) -> None:
    changed = medium(kept)
    changed.write_bytes(changed.read_bytes()[:-1])
    name = changed.relative_to(kept)
    assert nothing() == f"The backup is damaged: “{name}” is not what it was. Take another."


def test_backup_whose_database_was_cut_short(nothing: Callable[[], str], kept: Path) -> None:
    [database] = kept.glob("database.*")
    database.write_bytes(database.read_bytes()[:5000])
    assert "is damaged" in nothing()


def test_database_that_cannot_be_put_back(nothing: Callable[[], str], kept: Path) -> None:
    """By a manifest that agrees with it: half of it is written when the rest turns out not to be
    there, and then the media go too.
    """
    [database] = kept.glob("database.*")
    whole = database.read_bytes()
    database.write_bytes(whole[: len(whole) * 3 // 4])
    cut = {database.name: digest_of(database)}
    rewritten(kept, lambda made: replace(made, files={**made.files, **cut}))
    if connection.vendor == "postgresql":
        assert nothing().startswith("pg_restore gave up, and nothing was kept of what it did.")
    else:
        assert nothing().startswith("The database was not restored")


@pytest.mark.parametrize("name", ["media/../../evil.txt", "/etc/hostname"])
def test_medium_under_a_name_outside_the_folder(
    nothing: Callable[[], str], kept: Path, name: str
) -> None:
    rewritten(kept, lambda made: replace(made, files={**made.files, name: "0"}))
    assert "is damaged" in nothing()


def test_database_that_is_not_empty(kept: Path, elsewhere: Place) -> None:
    CourseFactory(slug="theirs")
    said = refused(restore, kept)
    assert said.startswith("The database that DATABASE_URL names is not empty")
    assert Course.objects.filter(slug="theirs").exists()


def test_media_that_are_there_already(kept: Path, elsewhere: Place) -> None:
    (elsewhere.media / "courses").mkdir()
    (elsewhere.media / "courses" / "theirs.mp4").write_bytes(b"theirs")
    with elsewhere.here():
        assert refused(restore, kept).startswith("MEDIA_ROOT is not empty")
        assert connection.introspection.table_names() == []
        assert every_medium() == {"courses/theirs.mp4": b"theirs"}


def test_restore_onto_a_disk_that_is_full(kept: Path, elsewhere: Place) -> None:
    """Half a medium is taken away too, so that it can be done again with more room."""
    where = database_url().rpartition("/")[0] + f"/{elsewhere.name}"
    sqlite = databases.engine() == "sqlite"
    ended = subprocess.run(
        [sys.executable, "-c", _WITHOUT_ROOM, str(kept)],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{elsewhere.name}" if sqlite else where,
            "MEDIA_ROOT": str(elsewhere.media),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == "CommandError: The backup was not restored: File too large.\n"
    assert list(elsewhere.media.iterdir()) == []


_WITHOUT_ROOM = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "restore", sys.argv[1]])
"""


def test_restore_while_another_is_under_way(kept: Path, elsewhere: Place) -> None:
    with elsewhere.here():
        with place.held():
            assert refused(restore, kept).startswith("Another restore into this MEDIA_ROOT")
        restore(kept)
        assert Course.objects.exists()


def test_restore_by_a_path_upwards(
    kept: Path, elsewhere: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(elsewhere.media)
    with elsewhere.here():
        restore(Path("..") / kept.name)
        assert Course.objects.exists()


def test_second_restore_into_the_same_place(kept: Path, elsewhere: Place) -> None:
    with elsewhere.here():
        restore(kept)
        assert "is not empty" in refused(restore, kept)


# Making one


def test_backup_into_a_folder_that_is_there(kept: Path) -> None:
    before = {each: each.stat().st_mtime_ns for each in kept.rglob("*")}
    assert "is there already" in refused(backup, kept)
    assert {each: each.stat().st_mtime_ns for each in kept.rglob("*")} == before


def test_backup_into_nowhere(kept: Path, tmp_path: Path) -> None:
    said = refused(backup, tmp_path / "no" / "folder")
    assert said == f"“{tmp_path}/no/folder” could not be written: No such file or directory."


@pytest.mark.skipif(databases.engine() == "sqlite", reason="SQLite is copied by Python itself.")
@pytest.mark.parametrize("command", [backup, restore])
def test_without_the_programs_of_postgresql_nothing_is_left(
    kept: Path,
    elsewhere: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: Callable[[Path], str],
) -> None:
    before = sorted(each.name for each in tmp_path.iterdir())
    monkeypatch.setenv("PATH", str(tmp_path))
    with elsewhere.here() if command is restore else nullcontext():
        said = refused(command, kept if command is restore else tmp_path / "next")
    assert re.match(r"There is no pg_(dump|restore) on the PATH\. Install PostgreSQL’s", said)
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    assert list(elsewhere.media.iterdir()) == []


def test_backup_of_a_database_that_waits_for_its_migrations(
    kept: Path, elsewhere: Place, tmp_path: Path
) -> None:
    with elsewhere.here():
        restore(kept)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'courses'")
        assert "bring the database up to date first" in refused(backup, tmp_path / "next")
    assert not (tmp_path / "next").exists()


def test_backup_of_nothing(elsewhere: Place, tmp_path: Path) -> None:
    with elsewhere.here():
        said = refused(backup, tmp_path / "kept")
    assert said == "The database is empty: there is nothing to back up."
    assert not (tmp_path / "kept").exists()


def test_restore_survives_the_folder_being_moved(
    kept: Path, elsewhere: Place, tmp_path: Path
) -> None:
    moved = Path(shutil.move(kept, tmp_path / "another name"))
    with elsewhere.here():
        restore(moved)
        assert Course.objects.exists()


@pytest.mark.skipif(databases.engine() == "sqlite", reason="SQLite is copied by Python itself.")
def test_backup_that_the_server_would_not_take_back(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL 16 with the programs of 18: the dump is made, and cannot be restored."""
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1'\n")
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    said = refused(backup, tmp_path / "next")
    ours = connection.pg_version // 10_000
    assert said.startswith(f"The database is PostgreSQL {ours}, and pg_dump is newer")
    assert not (tmp_path / "next").exists()


@pytest.mark.skipif(databases.engine() == "sqlite", reason="SQLite has no password.")
def test_password_of_the_database_stands_in_no_command(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every user of the machine could read it, in the list of processes."""
    (tmp_path / "pg_dump").write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/said\necho "$PGPASSWORD" > {tmp_path}/hidden\n'
        f'exec {databases.programs()}/pg_dump "$@"\n'
    )
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "not-for-others")
    backup(tmp_path / "next")
    assert "not-for-others" not in (tmp_path / "said").read_text()
    assert (tmp_path / "hidden").read_text() == "not-for-others\n"
