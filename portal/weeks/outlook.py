"""How a person's weeks stand at one moment. Pure: sessions in, words and choices out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from participants.models import Session
from scheduling import spoken, timetable
from scheduling.plan import FAREWELL_DAYS


@dataclass(frozen=True, kw_only=True)
class Week:
    """`is_here` is the newest open week."""

    session: Session
    is_open: bool
    is_here: bool

    @property
    def number(self) -> int:
        return self.session.module.week

    @property
    def was_opened(self) -> bool:
        return self.session.first_opened_at is not None

    @property
    def is_finished(self) -> bool:
        return self.session.finished_at is not None

    @property
    def state(self) -> str:
        """As parts/dots.html takes it."""
        if self.is_here:
            return "here"
        return "been" if self.was_opened else ""

    @property
    def words(self) -> str:
        """The dot, said aloud."""
        return f"{spoken.week(self.number)}, {self._state_in_words()}"

    def _state_in_words(self) -> str:
        if not self.is_open:
            return _("opens on %(moment)s") % {"moment": spoken.moment(self.session.opens_at)}
        if self.is_finished:
            return _("finished")
        if self.is_here or not self.was_opened:
            return _("open now")
        return _("opened")


@dataclass(frozen=True, kw_only=True)
class Outlook:
    weeks: list[Week]
    is_over: bool
    open_until: date

    @property
    def here(self) -> Week | None:
        return next((week for week in self.weeks if week.is_here), None)

    @property
    def upcoming(self) -> Week | None:
        return next((week for week in self.weeks if not week.is_open), None)

    @property
    def opened(self) -> list[Week]:
        return [week for week in self.weeks if week.is_open]

    @property
    def first_unopened(self) -> Week | None:
        """The earliest open week that waits to be opened."""
        return next((week for week in self.opened if not week.was_opened), None)

    @property
    def nothing_opened(self) -> bool:
        return not any(week.was_opened for week in self.weeks)

    @property
    def ahead(self) -> list[Week]:
        return [week for week in self.weeks if not week.is_open]


def outlook(
    sessions: Sequence[Session], *, zone: ZoneInfo, access_months: int, now: datetime
) -> Outlook:
    """`sessions` in the order of their weeks, at least one.

    Over: every week finished by own word; or the farewell's day has come, for someone who began.
    """
    here = max((s.module.week for s in sessions if s.is_open(now)), default=0)
    weeks = [
        Week(session=s, is_open=s.is_open(now), is_here=s.module.week == here) for s in sessions
    ]
    last_day = sessions[-1].opens_at.astimezone(zone).date()
    return Outlook(
        weeks=weeks,
        is_over=_is_over(weeks, now),
        open_until=timetable.months_later(last_day, access_months),
    )


def dots_of_end(outlook: Outlook) -> list[dict[str, Any]]:
    """At the end no week is “here”."""
    return [{"number": w.number, "state": "been", "words": w.words} for w in outlook.weeks]


def _is_over(weeks: list[Week], now: datetime) -> bool:
    if all(week.is_finished for week in weeks):
        return True
    farewell = weeks[-1].session.opens_at + timedelta(days=FAREWELL_DAYS)
    return now >= farewell and any(week.was_opened for week in weeks)
