"""What always holds of a change of plan, in whatever zone and across whatever change of clocks.

Pure: people who are in no database, one to five weeks, some of them sent, some sent late.
"""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from participants.models import Enrolment
from scheduling import timetable
from scheduling.models import Kind, Prompt
from scheduling.plan import Beat, Change
from scheduling.services.after import (
    after_another_week,
    after_changing_day,
    after_pausing,
    after_resuming,
)
from scheduling.services.ahead import Ahead
from tests.scheduling.zones import ALL_ZONES

HOURS = st.times().map(lambda each: each.replace(second=0, microsecond=0))
DAYS = st.dates(date(2024, 1, 1), date(2035, 1, 1))
BEATS = st.builds(Beat, weekday=st.integers(1, 7), local_time=HOURS, zone=ALL_ZONES)
LEAD = timedelta(hours=1)


@st.composite
def lives(draw: Any) -> tuple[Ahead, datetime]:
    """Someone between two of their weeks, and the moment."""
    beat = draw(BEATS)
    start = draw(DAYS)
    first = start + timedelta(days=(beat.weekday - start.isoweekday()) % 7)
    dates = timetable.weekly_dates(first, draw(st.integers(1, 5)))
    rows = [_row(number, day, beat) for number, day in enumerate(dates, start=1)]
    sent = draw(st.integers(0, len(rows) - 1))
    last_at = None
    now = rows[0].due_at - timedelta(hours=draw(st.integers(1, 600)))
    if sent:
        last_at = rows[sent - 1].due_at + timedelta(hours=draw(st.integers(0, 140)))
        now = min(last_at + timedelta(hours=draw(st.integers(0, 160))), rows[sent].due_at)
        now = max(now, last_at) - timedelta(minutes=1)
    return _ahead(beat, [each for each in rows[sent:] if each.due_at > now], last_at), now


def _row(number: int, day: date, beat: Beat) -> Prompt:
    due_at = timetable.instant(day, beat.local_time, beat.zone)
    return Prompt(
        kind=Kind.SESSION,
        occurrence=number,
        local_date=day,
        local_time=beat.local_time,
        zone=beat.zone,
        due_at=due_at,
    )


def _ahead(beat: Beat, sessions: list[Prompt], last_at: datetime | None) -> Ahead:
    return Ahead(
        enrolment=Enrolment(),
        beat=beat,
        sessions=sessions,
        nudges={},
        farewell=None,
        titles={number: f"Week {number}" for number in range(1, 6)},
        last_at=last_at,
        paused_until=None,
        before_break=None,
        open_weeks=set(),
    )


def saved(ahead: Ahead, change: Change, beat: Beat, until: date | None = None) -> Ahead:
    """As it stands once the change is written."""
    rows = [
        _row(week.week, week.local_date, replace(beat, local_time=week.local_time, zone=week.zone))
        for week in change.weeks
    ]
    return replace(ahead, beat=beat, sessions=rows, paused_until=until)


def holds(change: Change, beat: Beat, now: datetime, last_at: datetime | None) -> None:
    """In order, ahead of now, at the chosen hour save in a gap, four days from the last one."""
    instants = [each.opens_at for each in change.weeks]
    assert all(before < after for before, after in itertools.pairwise(instants))
    assert all(each >= now + LEAD for each in instants)
    for week in change.weeks:
        there = week.opens_at.astimezone(ZoneInfo(beat.zone)).replace(tzinfo=None, fold=0)
        wanted = datetime.combine(week.local_date, beat.local_time)
        assert week.local_date.isoweekday() == beat.weekday
        assert there == wanted or (there > wanted and _is_in_a_gap(wanted, beat.zone))
    if last_at is not None and change.weeks:
        last_date = last_at.astimezone(ZoneInfo(beat.zone)).date()
        assert (change.weeks[0].local_date - last_date).days >= 4


def _is_in_a_gap(wanted: datetime, zone: str) -> bool:
    """No instant shows it on the clock there."""
    there = wanted.replace(tzinfo=ZoneInfo(zone))
    back = there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    return back != wanted


@settings(max_examples=300, deadline=None)
@given(life=lives(), beat=BEATS)
def test_another_day_is_in_order_ahead_and_apart_and_the_same_when_asked_again(life, beat) -> None:
    ahead, now = life
    change = after_changing_day(ahead, beat, now=now)
    holds(change, beat, now, ahead.last_at)
    again = after_changing_day(saved(ahead, change, beat), beat, now=now)
    assert [each.opens_at for each in again.weeks] == [each.opens_at for each in change.weeks]
    assert again.moved == []


@settings(max_examples=200, deadline=None)
@given(life=lives())
def test_another_week_is_seven_days_on_the_persons_own_calendar(life) -> None:
    ahead, _now = life
    change = after_another_week(ahead)
    for before, after in zip(ahead.sessions, change.weeks, strict=True):
        assert after.local_date - before.local_date == timedelta(days=7)
        assert (after.local_time, after.zone) == (before.local_time, before.zone)
        assert after.opens_at > before.due_at


@settings(max_examples=300, deadline=None)
@given(life=lives(), days=st.integers(1, 366))
def test_a_pause_keeps_the_weekday_and_brings_nothing_forward(life, days) -> None:
    ahead, now = life
    until = now.astimezone(ZoneInfo(ahead.beat.zone)).date() + timedelta(days=days)
    change = after_pausing(ahead, until, now=now)
    holds(change, ahead.beat, now, ahead.last_at)
    for before, after in zip(ahead.sessions, change.weeks, strict=True):
        assert after.local_date >= max(before.local_date, until)
    again = after_pausing(saved(ahead, change, ahead.beat, until), until, now=now)
    assert again.moved == []


@settings(max_examples=300, deadline=None)
@given(life=lives(), days=st.integers(1, 366), later=st.integers(0, 400 * 24))
def test_a_pause_that_is_ended_goes_on_soon_and_in_order(life, days, later) -> None:
    ahead, now = life
    zone = ZoneInfo(ahead.beat.zone)
    until = now.astimezone(zone).date() + timedelta(days=days)
    paused = saved(ahead, after_pausing(ahead, until, now=now), ahead.beat, until)
    end = now + timedelta(hours=later)
    change = after_resuming(paused, now=end)
    if end.astimezone(zone).date() >= until:
        assert change.moved == []
        return
    holds(change, ahead.beat, end, ahead.last_at)
    if change.weeks:
        soonest = max(end + timedelta(days=8, hours=4), ahead.sessions[0].due_at)
        if ahead.last_at is not None:
            soonest = max(soonest, ahead.last_at + timedelta(days=12, hours=4))
        assert change.weeks[0].opens_at <= soonest
