"""One thing that happened, or is to come; and a day of these, on the person's own calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from scheduling import timetable

# What a timeline shows beside its words: a mail, the person's own doing, something to look at,
# a note, something planned.
MAIL, OWN, LOOK, NOTE, PLAN = "mail", "own", "look", "note", "plan"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`at` is UTC; `mark` is one of the five above; `why` is what staff wrote."""

    at: datetime
    mark: str
    what: str
    detail: str = ""
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Day:
    day: date
    entries: list[Entry]


def by_day(entries: Iterable[Entry], zone: str) -> list[Day]:
    """The newest first; of what has one moment, that which is told last."""
    ordered = sorted(entries, key=lambda entry: entry.at)[::-1]
    days = groupby(ordered, key=lambda entry: timetable.local(entry.at, zone).date())
    return [Day(day=day, entries=list(those)) for day, those in days]
