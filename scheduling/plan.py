"""The weeks that lie ahead of a person, as dates. Pure: what is written is decided elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from courses.models import Module
from scheduling import timetable

NUDGE_DAYS = 3
FAREWELL_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class PlannedSession:
    """One week. `opens_at` is UTC; `moved_from` (UTC) is where a move takes it from.

    One that `is_open` already stays open: its mail alone moves.
    """

    week: int
    title: str
    local_date: date
    local_time: time
    zone: str
    opens_at: datetime
    moved_from: datetime | None = None
    is_open: bool = False

    @property
    def moves(self) -> bool:
        return self.moved_from is not None and self.moved_from != self.opens_at

    @property
    def nudge_date(self) -> date:
        return self.local_date + timedelta(days=NUDGE_DAYS)

    @property
    def farewell_date(self) -> date:
        """Where this is the last week."""
        return self.local_date + timedelta(days=FAREWELL_DAYS)


Plan = list[PlannedSession]


@dataclass(frozen=True, kw_only=True)
class LastMail:
    """The mail after the last week, where no week is ahead of it. `due_at` is UTC; `moved_from`
    (UTC) is where a move takes it from.
    """

    local_date: date
    local_time: time
    zone: str
    due_at: datetime
    moved_from: datetime | None = None

    @property
    def moves(self) -> bool:
        return self.moved_from is not None and self.moved_from != self.due_at


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a move does: the weeks ahead, in order, whether they move or not; or, where none is
    ahead, the last mail if that moves.
    """

    weeks: Plan
    last_mail: LastMail | None = None

    @property
    def moved(self) -> Plan:
        return [week for week in self.weeks if week.moves]

    @property
    def moves_anything(self) -> bool:
        return bool(self.moved) or (self.last_mail is not None and self.last_mail.moves)


@dataclass(frozen=True, kw_only=True)
class Beat:
    """The chosen weekday (ISO), local time and zone."""

    weekday: int
    local_time: time
    zone: str


def of_modules(modules: Sequence[Module], beat: Beat, *, now: datetime) -> Plan:
    """A new person's weeks: the first at the first chosen weekday an hour or more ahead."""
    first = timetable.first_date(
        weekday=beat.weekday, time=beat.local_time, zone=beat.zone, now=now
    )
    dates = timetable.weekly_dates(first, len(modules))
    return [
        planned(module.week, module.title, day, beat.local_time, beat.zone)
        for module, day in zip(modules, dates, strict=True)
    ]


def last_mail(day: date, at: time, zone: str, moved_from: datetime | None = None) -> LastMail:
    due_at = timetable.instant(day, at, zone)
    return LastMail(local_date=day, local_time=at, zone=zone, due_at=due_at, moved_from=moved_from)


def planned(
    week: int,
    title: str,
    day: date,
    at: time,
    zone: str,
    moved_from: datetime | None = None,
    *,
    is_open: bool = False,
) -> PlannedSession:
    return PlannedSession(
        week=week,
        title=title,
        local_date=day,
        local_time=at,
        zone=zone,
        opens_at=timetable.instant(day, at, zone),
        moved_from=moved_from,
        is_open=is_open,
    )
