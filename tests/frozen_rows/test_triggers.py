"""Every guard that a room lists stands in the database, and stands again after each migration."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from pytest_django.fixtures import Settings

import frozen_rows
from courses.models import Edition, Module
from frozen_rows import Guard
from frozen_rows.guard import all_guards
from participants.models import Session
from tests.factories.courses import published_edition
from tests.factories.participants import SessionFactory

HOUR = timedelta(hours=1)


def standing() -> set[str]:
    return frozen_rows.installed_names()


def listed() -> set[str]:
    return {guard.name for guard in all_guards()}


@pytest.mark.django_db
def test_every_listed_guard_stands_and_no_other() -> None:
    assert standing() == listed()


def test_guards_have_names_of_their_own() -> None:
    names = [guard.name for guard in all_guards()]

    assert sorted(names) == sorted(set(names))


def test_every_guard_names_a_model_and_says_a_sentence() -> None:
    for guard in all_guards():
        assert apps.get_model(guard.model)._meta.db_table == guard.table
        assert guard.message.endswith(".")


@pytest.mark.django_db(transaction=True)
def test_migrate_puts_back_what_was_taken_away() -> None:
    frozen_rows.uninstall()
    assert standing() == set()

    call_command("migrate", verbosity=0)

    assert standing() == listed()


MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("courses", "0001_initial")]
    operations = [migrations.AlterField("module", "title", models.CharField(max_length=250))]
"""


@pytest.fixture
def a_migration_to_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[None]:
    """The room of courses with one migration more, which changes a column."""
    package = tmp_path / "courses_tomorrow"
    package.mkdir()
    (package / "__init__.py").touch()
    first = "from courses.migrations import __name__ as here\nfrom importlib import import_module\n"
    first += "Migration = import_module(here + '.0001_initial').Migration\n"
    (package / "0001_initial.py").write_text(first, "utf-8")
    (package / "0002_wider.py").write_text(MIGRATION, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"courses": "courses_tomorrow"}
    yield
    call_command("migrate", "courses", "0001", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migration_may_rebuild_a_table_and_it_is_guarded_again(a_migration_to_come: None) -> None:
    edition = published_edition(weeks=1)

    call_command("migrate", verbosity=0)

    assert standing() == listed()
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        Module.objects.filter(edition=edition).update(title="Other words")


@pytest.mark.django_db
def test_installing_twice_changes_nothing() -> None:
    frozen_rows.install()
    frozen_rows.install()

    assert standing() == listed()


@pytest.mark.django_db
def test_guard_speaks_its_sentence_with_quotes_and_percent_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edition = published_edition(weeks=1)
    guard = Guard(
        name="edition_update_published",
        model="courses.Edition",
        operation="UPDATE",
        when="OLD.state = 'published'",
        message="It isn't 100% yours.",
    )
    monkeypatch.setattr("frozen_rows.triggers.all_guards", lambda: [guard])
    frozen_rows.install()

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(number=5)

    assert str(caught.value).split("\n")[0] == "It isn't 100% yours."


@pytest.mark.django_db
def test_a_change_is_seen_from_and_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard(
        name="session_update_opened",
        model="participants.Session",
        operation="UPDATE",
        when=frozen_rows.changed("first_opened_at", "finished_at"),
        message="No.",
    )
    row = SessionFactory()
    rows = Session.objects.filter(pk=row.pk)
    day = row.opens_at
    states: list[dict[str, datetime | None]] = [
        {"first_opened_at": first, "finished_at": last, "took_part_at": last}
        for first, last in [(None, None), (day, None), (day, day), (day + HOUR, day + HOUR)]
    ]
    for before in states:
        frozen_rows.uninstall()
        rows.update(**before)
        with monkeypatch.context() as patch:
            patch.setattr("frozen_rows.triggers.all_guards", lambda: [guard])
            frozen_rows.install()
            assert [_takes(rows, after) for after in states] == [each == before for each in states]
            frozen_rows.uninstall()
    frozen_rows.install()


def _takes(rows: QuerySet[Session], fields: dict[str, datetime | None]) -> bool:
    try:
        with transaction.atomic():
            rows.update(**fields)
    except IntegrityError:
        return False
    return True
