"""What a column can be, and how each kind of value is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Choices

from scheduling import timetable

# What spreadsheets take for the beginning of a formula, as OWASP lists it; and the mark itself, so
# that taking one away always gives back the text.
_FORMULAS = frozenset("=+-@\t\r\n'＝＋－＠")
_MARK = "'"


class Type(Enum):
    """What a column holds, as the codebook says it."""

    TEXT = "text"
    CATEGORY = "category"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    UTC = "utc"
    LOCAL = "local"


@dataclass(frozen=True, kw_only=True)
class Column:
    """`reads` names what of a row is written, and `write` makes the text of it."""

    name: str
    meaning: str
    type: Type
    reads: tuple[str, ...]
    write: Callable[..., str]
    unit: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def text(name: str, meaning: str, *, of: str = "") -> Column:
    return Column(name=name, meaning=meaning, type=Type.TEXT, reads=(of or name,), write=_text)


def category(
    name: str, meaning: str, values: type[Choices] | Mapping[str, str], *, of: str = ""
) -> Column:
    """One of `values`, or empty."""
    return Column(
        name=name,
        meaning=meaning,
        type=Type.CATEGORY,
        reads=(of or name,),
        write=_category,
        values=values if isinstance(values, Mapping) else labels(values),
    )


def labels(choices: type[Choices]) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices if value}


def boolean(name: str, meaning: str, *, of: str = "") -> Column:
    return Column(name=name, meaning=meaning, type=Type.BOOLEAN, reads=(of or name,), write=_bool)


def integer(name: str, meaning: str, *, unit: str, of: str = "") -> Column:
    return Column(
        name=name, meaning=meaning, type=Type.INTEGER, unit=unit, reads=(of or name,), write=_number
    )


def number(name: str, meaning: str, *, unit: str, of: str = "") -> Column:
    return Column(
        name=name, meaning=meaning, type=Type.NUMBER, unit=unit, reads=(of or name,), write=_number
    )


def day(name: str, meaning: str, *, of: str = "") -> Column:
    return Column(name=name, meaning=meaning, type=Type.DATE, reads=(of or name,), write=_date)


def moment(
    name: str, meaning: str, *, until: datetime | None, of: str = "", zone: str = "zone"
) -> list[Column]:
    """Two columns: in UTC, and on the clock of the row's zone. Empty where later than `until`."""
    read = of or name
    return [
        Column(
            name=f"{name}_utc",
            meaning=f"{meaning} In UTC.",
            type=Type.UTC,
            reads=(read,),
            write=_utc_by(until),
        ),
        Column(
            name=f"{name}_local",
            meaning=f"{meaning} On the clock of the column {zone}.",
            type=Type.LOCAL,
            reads=(read, zone),
            write=_local_by(until),
        ),
    ]


def clock(name: str, meaning: str, *, reads: tuple[str, str]) -> Column:
    """A date and a time that are stored as such, on the clock of the row's zone."""
    return Column(name=name, meaning=meaning, type=Type.LOCAL, reads=reads, write=_clock)


def person() -> list[Column]:
    """Whose row it is; the first two columns of every file about people."""
    return [
        text("code", "Pseudonymous code of the person: one enrolment.", of=CODE),
        boolean("is_test", "Whether this is a test person, who counts nowhere.", of=IS_TEST),
    ]


# Annotated under these names by every file's query.
CODE = "person_code"
IS_TEST = "person_is_test"


def reads_of(columns: Iterable[Column]) -> list[str]:
    """Each name once, in the order in which it is first asked for."""
    return list(dict.fromkeys(name for column in columns for name in column.reads))


def liner(
    columns: Sequence[Column], names: Sequence[str]
) -> Callable[[tuple[Any, ...]], list[str]]:
    """Makes the fields of a line out of a row that holds the values of `names`, in their order."""
    fields = [_field(column, names) for column in columns]
    return lambda row: [write(row) for write in fields]


def _field(column: Column, names: Sequence[str]) -> Callable[[tuple[Any, ...]], str]:
    write = column.write
    places = [names.index(name) for name in column.reads]
    if len(places) == 1:
        [place] = places
        return lambda row: write(row[place])
    get = itemgetter(*places)
    return lambda row: write(*get(row))


def neutral(value: str) -> str:
    """A text that no spreadsheet runs: a leading sign of a formula has ' before it."""
    return _MARK + value if value[:1] in _FORMULAS and value else value


def _text(value: object) -> str:
    return "" if value is None else neutral(str(value))


def _category(value: str | None) -> str:
    """One of our own words: never a formula."""
    return value or ""


def _bool(value: bool | None) -> str:  # noqa: FBT001 - the value is what it is about
    return "" if value is None else "true" if value else "false"


def _number(value: float | None) -> str:
    return "" if value is None else str(value)


def _date(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _clock(day: date | None, at: Any) -> str:
    return "" if day is None or at is None else f"{day.isoformat()}T{at:%H:%M:%S}"


def _utc_by(until: datetime | None) -> Callable[[datetime | None], str]:
    def write(at: datetime | None) -> str:
        if at is None or (until is not None and at > until):
            return ""
        return at.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"

    return write


def _local_by(until: datetime | None) -> Callable[[datetime | None, str], str]:
    def write(at: datetime | None, zone: str) -> str:
        if at is None or (until is not None and at > until):
            return ""
        return at.astimezone(_zone(zone)).isoformat(timespec="seconds")[:19]

    return write


@cache
def _zone(name: str) -> ZoneInfo:
    """A name that the rules of today do not know any more is read as UTC."""
    return ZoneInfo(timetable.known_or_utc(name))
