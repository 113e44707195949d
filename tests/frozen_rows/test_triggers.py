"""Every guard that a room lists stands in the database, and stands again after each migration."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

import frozen_rows
from courses.models import Edition, Module
from frozen_rows import Guard
from frozen_rows.guard import all_guards
from tests.factories.courses import published_edition


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


@pytest.mark.django_db(transaction=True)
def test_table_that_was_rebuilt_is_guarded_again_after_migrate() -> None:
    edition = published_edition(weeks=1)
    field = models.CharField(max_length=10, default="")
    field.set_attributes_from_name("passing")

    with connection.schema_editor() as editor:
        editor.add_field(Module, field)
        # Changing a column makes SQLite build the table anew, and drop its triggers.
        longer = models.TextField(default="")
        longer.set_attributes_from_name("passing")
        editor.remove_field(Module, field)
        editor.alter_field(Module, Module._meta.get_field("title"), _wider())
        editor.alter_field(Module, _wider(), Module._meta.get_field("title"))
    call_command("migrate", verbosity=0)

    assert standing() == listed()
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        Module.objects.filter(edition=edition).update(title="Other words")


def _wider() -> models.Field:
    field = models.CharField(max_length=250)
    field.set_attributes_from_name("title")
    field.model = Module
    return field


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
