"""What a backup is made of comes back: every row of every table, and every medium."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client

import frozen_rows
from courses.models import Course, Edition, Material
from participants import do_not_invite
from participants.models import Enrolment
from tests.backup.asking import backup, every_medium, every_row, refused, restore, shape
from tests.backup.conftest import Place
from tests.factories.courses import tiny
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.monitoring.staff import with_second_step
from tests.monitoring_export import world as worlds
from tests.scheduling.programs import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def fill() -> None:
    """Something in every table that the platform fills."""
    world = worlds.begin()
    group = Group.objects.create(name="Editors")
    group.permissions.add(Permission.objects.first())
    staff = with_second_step(UserFactory(researcher_of=world.study, staff=True))
    staff.groups.add(group)
    staff.user_permissions.add(Permission.objects.first())
    LogEntry.objects.log_actions(staff.pk, [world.study], 2, change_message="…", single_object=True)
    do_not_invite.remember(mark=do_not_invite.mark("no@example.org"), now=worlds.CUT)
    Client().force_login(staff)
    cache.set("counted", 3)


@pytest.mark.slow
def test_every_row_and_every_medium_comes_back(elsewhere: Place, tmp_path: Path) -> None:
    fill()
    rows, shapes, media = every_row(), shape(), every_medium()
    # Nobody's: a key of one, read in a backup, would open all that its owner may see.
    assert len(rows["django_session"]) == 1
    rows["django_session"] = []
    backup(tmp_path / "kept")
    with elsewhere.here():
        said = restore(tmp_path / "kept")
        assert every_row() == rows
        assert shape() == shapes
        assert every_medium() == media
        assert Enrolment.objects.get(code=Enrolment.objects.first().code).study.slug == "calm"
    assert f"the database and {len(media)} media" in said
    assert len([table for table, found in rows.items() if found]) > 35
    assert sum(map(len, rows.values())) > 400
    assert len(media) > 3


def test_what_the_database_refuses_it_refuses_after_a_restore_too(
    elsewhere: Place, kept: Path
) -> None:
    guards = frozen_rows.installed_names()
    with elsewhere.here():
        restore(kept)
        assert frozen_rows.installed_names() == guards
        with pytest.raises(IntegrityError):
            Edition.objects.update(published_at=None)


def test_next_rows_get_keys_of_their_own(elsewhere: Place, tmp_path: Path) -> None:
    taken = EnrolmentFactory().pk
    backup(tmp_path / "kept")
    with elsewhere.here():
        restore(tmp_path / "kept")
        assert EnrolmentFactory().pk > taken


def test_backup_is_for_its_owner_alone(kept: Path) -> None:
    modes = {
        (each.is_dir(), stat.S_IMODE(each.stat().st_mode)) for each in (kept, *kept.rglob("*"))
    }
    assert modes == {(True, 0o700), (False, 0o600)}


def test_restored_media_can_be_read_by_nginx_as_before(
    elsewhere: Place, kept: Path, media: Path
) -> None:
    def modes(folder: Path) -> dict[str, int]:
        return {str(each.relative_to(folder)): each.stat().st_mode for each in folder.rglob("*")}

    with elsewhere.here():
        restore(kept)
    assert modes(elsewhere.media) == modes(media)


def test_manifest_says_what_and_from_when(kept: Path) -> None:
    said = json.loads((kept / "manifest.json").read_text())
    assert said["version"] == settings.APP_VERSION
    assert said["made_at"].endswith("Z")
    assert "courses.0001_initial" in said["migrations"]
    assert sorted(said["files"]) == sorted(
        str(each.relative_to(kept))
        for each in kept.rglob("*")
        if each.is_file() and each.suffix != ".json"
    )
    assert said["missing"] == []


def test_no_key_is_in_it(kept: Path) -> None:
    key = settings.SECRET_KEY.encode()
    assert not [each for each in kept.rglob("*") if each.is_file() and key in each.read_bytes()]


def test_nobody_is_signed_in_with_what_is_in_it(tmp_path: Path) -> None:
    client = Client()
    client.force_login(UserFactory(superuser=True))
    key = client.session.session_key
    backup(tmp_path / "kept")
    [database] = (tmp_path / "kept").glob("database.*")
    assert key.encode() not in readable(database)


def readable(database: Path) -> bytes:
    if database.suffix == ".sqlite3":
        return database.read_bytes()
    return subprocess.run(
        ["pg_restore", "--file=-", database], capture_output=True, check=True
    ).stdout


def test_what_no_row_names_is_left_out(elsewhere: Place, media: Path, tmp_path: Path) -> None:
    """Such as an upload that was given up half-way."""
    EnrolmentFactory()
    (media / "courses" / "half.mp4.part").write_bytes(b"half")
    backup(tmp_path / "kept")
    assert list(tmp_path.glob("kept/**/*.part")) == []


def test_people_go_on_while_it_is_made(elsewhere: Place, tmp_path: Path) -> None:
    """Somebody who writes all the time, in a process of their own, is not refused anything."""
    EnrolmentFactory()
    writing = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", _WRITES],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writing.stdout is not None
    assert writing.stdout.readline() == "begun\n"
    backup(tmp_path / "kept")
    told, _errors = writing.communicate(timeout=60)
    assert told == "400\n"
    with elsewhere.here():
        restore(tmp_path / "kept")
        found = list(
            Course.objects.filter(title="One").order_by("pk").values_list("slug", flat=True)
        )
    assert found == [f"c-{number}" for number in range(len(found))]
    assert len(found) > 20


_WRITES = """
from courses.models import Course
for number in range(400):
    Course.objects.create(slug=f"c-{number}", title="One", licence="none")
    if number == 20:
        print("begun", flush=True)
print(number + 1)
"""


def test_commands_end_with_a_number_and_a_sentence(elsewhere: Place, kept: Path) -> None:
    again = subprocess.run(
        [sys.executable, "manage.py", "backup", str(kept)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "MEDIA_ROOT": str(settings.MEDIA_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 1
    assert again.stderr == (
        f"CommandError: “{kept}” is there already, and nothing in it was changed. "
        "Name a new folder.\n"
    )


def test_medium_that_has_gone_is_told_and_the_rest_is_kept(
    elsewhere: Place, media: Path, tmp_path: Path
) -> None:
    EnrolmentFactory()
    lost = Material.objects.exclude(file="").first().file.name
    (media / lost).unlink()
    said = refused(backup, tmp_path / "kept")
    assert said.startswith("The backup was made, but these media are not in MEDIA_ROOT")
    assert lost in said
    with elsewhere.here():
        assert lost in restore(tmp_path / "kept")
        assert sorted(every_medium()) == sorted(set(_named()) - {lost})


def test_medium_that_has_changed_is_none(media: Path, tmp_path: Path) -> None:
    EnrolmentFactory()
    name = Material.objects.exclude(file="").first().file.name
    (media / name).write_bytes(tiny("captions.vtt").read())
    assert name in refused(backup, tmp_path / "kept")
    assert not (tmp_path / "kept" / "media" / name).exists()


def _named() -> set[str]:
    from django.db import connection

    from keeping.media import named

    def query(sql: str) -> list[tuple[str]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    return set(named(query))
