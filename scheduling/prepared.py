"""Statements that Django writes once, and PostgreSQL plans once for each connection.

A sender asks the same few things for every mail. To write each query anew, and to have it planned
anew, takes several times as long as to run it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import local
from typing import Any, Generic, TypeVar, cast

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]
from django.db.models.sql import Query, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)
R = TypeVar("R")


class Given(Expression):
    """Stands for a value that comes with each run, in the form that `output_field` has."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    @classmethod
    def of(cls, model: type[models.Model], name: str) -> "Given":
        """Named as the model's field, and in its form."""
        fields = {each.name: each for each in model._meta.concrete_fields}
        return cls(name, fields["id" if name == "pk" else name])

    def inside(self, change: str) -> "Given":
        """As it is named where it is of one change among several."""
        return Given(f"{change}__{self.name}", self.output_field)

    def as_sql(self, _compiler: SQLCompiler, _connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


@dataclass(kw_only=True)
class _Written:
    """As Django wrote it; `known_to` is the database's connection that it is prepared on."""

    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    known_to: object = None
    reader: "_Reader | None" = None

    def __post_init__(self) -> None:
        self.given = [each for each in self.parameters if isinstance(each, Given)]


class _Statement:
    """`name` is unique among all. Each thread writes its own, as it has a connection of its own."""

    def __init__(self, name: str, write: Callable[[BaseDatabaseWrapper], _Written]) -> None:
        self.write = write
        self._name = name
        self._here = local()

    def _written_for(self, connection: BaseDatabaseWrapper) -> _Written:
        written: _Written | None = getattr(self._here, "written", None)
        if written is None or written.compiler.connection is not connection:
            written = self._here.written = self.write(connection)
        return written

    def _run(self, cursor: Any, written: _Written, given: dict[str, Any]) -> None:
        connection = written.compiler.connection
        if connection.vendor != "postgresql":
            values = [
                _value(each, given[each.name], connection) if isinstance(each, Given) else each
                for each in written.parameters
            ]
            cursor.execute(written.sql, values)
            return
        if written.known_to is not connection.connection:
            self._prepare(cursor, written)
            written.known_to = connection.connection
        values = [_value(each, given[each.name], connection) for each in written.given]
        places = ", ".join(["%s"] * len(values))
        cursor.execute(
            f"EXECUTE {self._name} ({places})" if values else f"EXECUTE {self._name}", values
        )

    def _prepare(self, cursor: Any, written: _Written) -> None:
        """What is given becomes $1, $2 ...; all else is written into the statement."""
        numbers = iter(range(1, len(written.parameters) + 1))
        places = [
            f"${next(numbers)}" if isinstance(each, Given) else "%s" for each in written.parameters
        ]
        fixed = [each for each in written.parameters if not isinstance(each, Given)]
        sql = written.sql.replace("%%", "%%%%") % tuple(places)
        cursor.execute(f"PREPARE {self._name} AS {sql}", fixed)


class Reading(_Statement, Generic[M]):
    """A SELECT of whole models, with what `select_related` and `annotate` bring."""

    def __init__(self, name: str, rows: Callable[[], QuerySet[M]]) -> None:
        super().__init__(name, _by_django(lambda: rows().query))

    def all(self, **given: Any) -> list[M]:
        connection = connections["default"]
        written = self._written_for(connection)
        with connection.cursor() as cursor:
            self._run(cursor, written, given)
            rows = cursor.fetchall()
        written.reader = written.reader or _Reader(written.compiler)
        return written.reader.models(rows)

    def first(self, **given: Any) -> M | None:
        return next(iter(self.all(**given)), None)


class Listing(_Statement, Generic[R]):
    """A SELECT of some columns, by `values_list`; `row` makes each row into what it is."""

    def __init__(
        self, name: str, rows: Callable[[], QuerySet[Any, Any]], row: Callable[[Any], R]
    ) -> None:
        super().__init__(name, _by_django(lambda: rows().query))
        self._row = row

    def all(self, **given: Any) -> list[R]:
        connection = connections["default"]
        written = self._written_for(connection)
        with connection.cursor() as cursor:
            self._run(cursor, written, given)
            rows = cursor.fetchall()
        compiler = written.compiler
        converters = compiler.get_converters([each[0] for each in compiler.select])
        if converters:
            rows = compiler.apply_converters(rows, converters)
        return [self._row(row) for row in rows]


class Change(_Statement):
    """An UPDATE of the rows found, to `values`."""

    def __init__(self, name: str, rows: Callable[[], QuerySet[Any]], **values: Any) -> None:
        def query() -> UpdateQuery:
            update = cast("UpdateQuery", rows().query.chain(UpdateQuery))
            update.add_update_values(values)
            return update

        super().__init__(name, _by_django(query))

    def run(self, **given: Any) -> int:
        """Returns how many rows were changed."""
        connection = connections["default"]
        with connection.cursor() as cursor:
            self._run(cursor, self._written_for(connection), given)
            changed: int = cursor.rowcount
            return changed


class Together(_Statement):
    """Changes in one statement, which is a transaction of its own. PostgreSQL alone can.

    Each sees the rows as they were before all of them, so no two may change the same row.
    """

    def __init__(self, name: str, **changes: Change) -> None:
        def write(connection: BaseDatabaseWrapper) -> _Written:
            # Django writes a lock inside a transaction alone; the statement will be one.
            with transaction.atomic(using=connection.alias):
                parts = {each: change.write(connection) for each, change in changes.items()}
            made = ", ".join(f"{each} AS ({part.sql} RETURNING 1)" for each, part in parts.items())
            counted = ", ".join(f"(SELECT count(*) FROM {each})" for each in parts)  # noqa: S608 - ours
            return _Written(
                compiler=next(iter(parts.values())).compiler,
                sql=f"WITH {made} SELECT {counted}",
                parameters=tuple(
                    each.inside(name) if isinstance(each, Given) else each
                    for name, part in parts.items()
                    for each in part.parameters
                ),
            )

        super().__init__(name, write)

    def run(self, **given: Any) -> tuple[int, ...]:
        """`given` begin with the name of their change and __. How many rows each changed."""
        connection = connections["default"]
        with connection.cursor() as cursor:
            self._run(cursor, self._written_for(connection), given)
            counts: tuple[int, ...] = cursor.fetchone()
        return counts


def _by_django(query: Callable[[], Query]) -> Callable[[BaseDatabaseWrapper], _Written]:
    def write(connection: BaseDatabaseWrapper) -> _Written:
        compiler = query().get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        return _Written(compiler=compiler, sql=sql, parameters=tuple(parameters))

    return write


# What PostgreSQL's driver writes as it is.
_AS_IT_IS = frozenset({int, str, datetime, type(None)})


def _value(place: Given, value: Any, connection: BaseDatabaseWrapper) -> Any:
    if type(value) in _AS_IT_IS and connection.vendor == "postgresql":
        return value
    if isinstance(value, models.Model):
        value = value.pk
    return place.output_field.get_db_prep_value(value, connection)


class _Reader:
    """Makes models of rows, as Django's own `ModelIterable` does for a query it has just run."""

    def __init__(self, compiler: SQLCompiler) -> None:
        info = compiler.klass_info
        alias = compiler.connection.alias
        self._compiler = compiler
        self._converters = compiler.get_converters(
            [each[0] for each in compiler.select[: compiler.col_count]]
        )
        self._columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        names = [each[0].target.attname for each in compiler.select[self._columns]]
        self._new = partial(info["model"].from_db, alias, names)
        self._related = get_related_populators(info, compiler.select, alias)

    def models(self, rows: list[Any]) -> list[Any]:
        converted = self._compiler.apply_converters(rows, self._converters)
        return [self._model(row) for row in converted]

    def _model(self, row: Sequence[Any]) -> Any:
        model = self._new(row[self._columns])
        for each in self._related:
            each.populate(row, model)
        for name, place in self._compiler.annotation_col_map.items():
            setattr(model, name, row[place])
        return model
