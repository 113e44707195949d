"""Guards as triggers, in the dialect of the database in use."""

from collections.abc import Iterable
from typing import Any

from django.db import connections, transaction

from frozen_rows.guard import Guard, all_guards

PREFIX = "frozen_"


def install(using: str = "default") -> None:
    """Put every guard in place, replacing what was there. Tables not yet migrated are passed by."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in all_guards():
            if guard.table in tables:
                for statement in _statements(guard, connection.vendor):
                    cursor.execute(statement)


def uninstall(using: str = "default") -> None:
    """Take every guard away: for test databases that are emptied row by row, never in service."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in all_guards():
            if guard.table in tables:
                cursor.execute(_drop(guard, connection.vendor))


def installed_names(using: str = "default") -> set[str]:
    """The names of the guards that stand in the database now."""
    connection = connections[using]
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        names: Iterable[tuple[Any, ...]] = cursor.fetchall()
    return {name.removeprefix(PREFIX) for (name,) in names if name.startswith(PREFIX)}


def _statements(guard: Guard, vendor: str) -> list[str]:
    message = guard.message.replace("'", "''")
    name = PREFIX + guard.name
    if vendor == "postgresql":
        result = "OLD" if guard.operation == "DELETE" else "NEW"
        return [
            _drop(guard, vendor),
            # A trigger's WHEN clause may not hold a subquery in PostgreSQL, so the test is inside.
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {guard.when} THEN RAISE EXCEPTION '{message.replace('%', '%%')}' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {result}; END $$",
            f'CREATE TRIGGER {name} BEFORE {guard.operation} ON "{guard.table}" '
            f"FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return [
        _drop(guard, vendor),
        f'CREATE TRIGGER {name} BEFORE {guard.operation} ON "{guard.table}" '
        f"WHEN {guard.when} BEGIN SELECT RAISE(ABORT, '{message}'); END",
    ]


def _drop(guard: Guard, vendor: str) -> str:
    on_table = f' ON "{guard.table}"' if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {PREFIX}{guard.name}{on_table}"
