"""Notices a database that older code has made.

Until the first release each room's one migration is rewritten when its models change. A database
made before has “applied” it all the same, so that `migrate` finds nothing to do, and pages break.
"""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

# What each table has: the names of its columns, and whether each may hold NULL.
Columns = dict[str, bool]


def refuse_older_tables() -> None:
    """To be called before tables that are there are migrated, and after. Raises CommandError: what
    differs, and what to do.
    """
    asked, there = _asked_for(), _in_the_database()
    differing = [table for table, columns in asked.items() if there.get(table) != columns]
    if differing:
        raise CommandError(
            _("The demonstration’s database was made by older code (see %(table)s): %(advice)s")
            % {"table": differing[0], "advice": _advice()}
        )


def _asked_for() -> dict[str, Columns]:
    models = apps.get_models(include_auto_created=True)
    return {
        each._meta.db_table: _columns(each) for each in models if each._meta.can_migrate(connection)
    }


def _columns(model: type[Model]) -> Columns:
    return {field.column: field.null for field in model._meta.local_concrete_fields}


def _in_the_database() -> dict[str, Columns]:
    look = connection.introspection
    with connection.cursor() as cursor:
        return {
            table: {each.name: each.null_ok for each in look.get_table_description(cursor, table)}
            for table in look.table_names(cursor)
        }


def _advice() -> str:
    name = Path(settings.DATABASES["default"]["NAME"])
    if name.is_relative_to(settings.VAR):
        return _("remove it, and what you did in it, with “rm -rf var”, and start again.")
    return _("empty or remove %s, and what was done in it, and start again.") % name
