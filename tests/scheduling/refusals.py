"""A database that refuses one row, as a fault nobody thought of would make it."""

from django.db import connection

from frozen_rows import Guard
from frozen_rows.guard import Operation
from frozen_rows.triggers import _statements


def refuse(when: str, *, model: str, operation: Operation = "UPDATE") -> None:
    """Until the test's transaction is rolled back; `when` is SQL over OLD and NEW."""
    guard = Guard(
        name="test_refuses", model=model, operation=operation, when=when, message="Not this one."
    )
    with connection.cursor() as cursor:
        for statement in _statements(guard, connection.vendor):
            cursor.execute(statement)
