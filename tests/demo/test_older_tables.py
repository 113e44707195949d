"""A database that older code has made is noticed before anybody meets a page that breaks."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from pytest_django.fixtures import Settings

from demo.older_tables import refuse_older_tables
from tests.demo.conftest import Place

OLDER = {
    "a table is not there yet": ("courses_companion", "DROP TABLE courses_companion"),
    "a column is not there yet": (
        "scheduling_heartbeat",
        "ALTER TABLE scheduling_heartbeat DROP COLUMN beat_at",
    ),
    "a column is there no more": (
        "scheduling_heartbeat",
        "ALTER TABLE scheduling_heartbeat ADD COLUMN older integer NOT NULL DEFAULT 0",
    ),
    "a column could not be empty": (
        "scheduling_heartbeat",
        "ALTER TABLE scheduling_heartbeat DROP COLUMN beat_at;"
        "ALTER TABLE scheduling_heartbeat ADD COLUMN beat_at integer",
    ),
}


def _change(statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)


@pytest.mark.django_db
def test_a_database_of_these_models_is_taken() -> None:
    refuse_older_tables()


@pytest.mark.django_db
@pytest.mark.parametrize("difference", OLDER)
def test_a_database_of_older_models_is_refused(difference: str) -> None:
    table, statements = OLDER[difference]
    _change(statements)
    with pytest.raises(CommandError) as refused:
        refuse_older_tables()
    assert str(refused.value) == (
        f"The demonstration’s database was made by older code (see {table}): empty or remove "
        f"{settings.DATABASES['default']['NAME']}, and what was done in it, and start again."
    )


@pytest.mark.django_db
def test_of_its_own_database_the_demonstration_says_how_to_remove_it(settings: Settings) -> None:
    settings.VAR = Path(settings.DATABASES["default"]["NAME"]).parent
    _change("DROP TABLE courses_companion")
    with pytest.raises(CommandError) as refused:
        refuse_older_tables()
    assert str(refused.value).endswith(
        ": remove it, and what you did in it, with “rm -rf var”, and start again."
    )


@pytest.mark.slow
@pytest.mark.parametrize("applied", [True, False], ids=["as if migrated", "of fewer rooms"])
def test_the_command_ends_with_the_sentence_alone(place: Place, *, applied: bool) -> None:
    _manage(place, "migrate", "--verbosity=0").check_returncode()
    database = place["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(database)) as file:
        file.execute("DROP TABLE courses_companion")
        if not applied:
            file.execute("DELETE FROM django_migrations WHERE app = 'monitoring'")
        file.commit()
    refused = _manage(place, "demo", "--prepare-only")
    assert (refused.returncode, refused.stderr) == (
        1,
        "CommandError: The demonstration’s database was made by older code (see "
        f"courses_companion): empty or remove {database}, and what was done in it, "
        "and start again.\n",
    )


def _manage(place: Place, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=place,
        capture_output=True,
        text=True,
        check=False,
    )
