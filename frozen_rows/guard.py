"""What a guard is, and where the rooms' guards are found."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.apps import apps

Operation = Literal["INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Refuses one operation on one table.

    `model` is "app_label.Model". `when` is an SQL condition over `OLD` and `NEW` that holds for the
    rows to refuse; it must read the same on PostgreSQL and SQLite, and may hold subqueries.
    `message` is the sentence that the writer gets, as an `IntegrityError`.
    """

    name: str
    model: str
    operation: Operation
    when: str
    message: str

    @property
    def table(self) -> str:
        table: str = apps.get_model(self.model)._meta.db_table
        return table


def changed(*columns: str) -> str:
    """The condition of an UPDATE that changes one of these columns, from or to NULL as well.

    In words that every supported SQLite has: `IS DISTINCT FROM` came late.
    """
    return " OR ".join(
        f'OLD."{column}" <> NEW."{column}" OR (OLD."{column}" IS NULL) <> (NEW."{column}" IS NULL)'
        for column in columns
    )


def all_guards() -> Iterator[Guard]:
    """Every guard of every installed room, in the order of INSTALLED_APPS."""
    for config in apps.get_app_configs():
        module = f"{config.name}.guards"
        if find_spec(module) is not None:
            yield from import_module(module).GUARDS
