"""A file of an export, and how its rows are read: in pieces, however many there are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from monitoring.export.columns import CODE, IS_TEST, Column
from monitoring.export.cut import Cut

Row = tuple[Any, ...]
# Rows fetched at a time.
CHUNK = 2_000


@dataclass(frozen=True, kw_only=True)
class File:
    """`rows` gives for each line the values of the names asked for, in their order."""

    name: str
    about: str
    columns: Callable[[Cut], list[Column]]
    rows: Callable[[Cut, Sequence[str]], Iterator[Row]]


def read(queryset: "QuerySet[Any]", names: Sequence[str], *, person: str) -> Iterator[Row]:
    """Those columns of `queryset`, whose rows belong to the enrolment along `person`.

    On PostgreSQL by a cursor of the server, so that memory stays flat.
    """
    whose = {CODE: F(f"{person}code"), IS_TEST: F(f"{person}is_test")}
    rows: QuerySet[Any, Any] = queryset.annotate(**whose).values_list(*names)
    return iter(rows.iterator(chunk_size=CHUNK))
