"""Where each kind of change would move what is ahead. Pure.

The previews show what is computed here, and the services write the very same.
"""

from datetime import date, datetime, time

from scheduling import plan as plans
from scheduling import timetable
from scheduling.models import Prompt
from scheduling.plan import Beat, Change, Plan, PlannedSession
from scheduling.services.ahead import Ahead

_NEAR = 3


def after_changing_day(ahead: Ahead, beat: Beat, *, now: datetime) -> Change:
    """The weeks ahead on that beat, behind a pause that was chosen; a last mail comes no sooner."""
    if ahead.sessions:
        return _on_beat(ahead, beat, now, _not_sooner(ahead, now))
    farewell = ahead.farewell
    if farewell is None or farewell.due_at <= now:
        return Change(weeks=[])
    return _last_mail_on_beat(ahead, beat, now, farewell.local_date)


def _not_sooner(ahead: Ahead, now: datetime) -> date | None:
    """Another day is the nearest one: who took another week keeps it. Before the first week, and of
    what a pause put off, it is the first one.
    """
    if ahead.last_at is None or ahead.is_held_back(now):
        return ahead.paused_until
    nearest = timetable.days_after(ahead.sessions[0].local_date, -_NEAR)
    return max(nearest, ahead.paused_until or nearest)


def after_another_week(ahead: Ahead) -> Change:
    """Each week ahead one week later, at its own hour; where none is, the last mail."""
    if ahead.sessions:
        return Change(weeks=[_a_week_later(ahead, each) for each in ahead.sessions])
    farewell = ahead.farewell
    if farewell is None:
        return Change(weeks=[])
    day = farewell.local_date + timetable.WEEK
    return _last_mail(ahead, day, farewell.local_time, farewell.zone)


def after_pausing(ahead: Ahead, until: date, *, now: datetime) -> Change:
    """On the chosen weekday, on `until` or after it. A pause brings nothing forward, but a shorter
    one that takes the place of a longer one brings back what that had put off.
    """
    is_shorter = ahead.paused_until is not None and until < ahead.paused_until
    back = is_shorter and ahead.is_held_back(now)
    if ahead.sessions:
        stood = _stood(ahead) if back else ahead.sessions[0].local_date
        earliest = max(until, stood or until)
        return _on_beat(ahead, ahead.beat, now, earliest)
    farewell = ahead.farewell
    if farewell is None or (farewell.local_date >= until and farewell.due_at > now and not back):
        return Change(weeks=[])
    planned = ahead.last_mail_date(ahead.beat) if back else farewell.local_date
    return _last_mail_on_beat(ahead, ahead.beat, now, max(until, planned or until))


def after_resuming(ahead: Ahead, *, now: datetime) -> Change:
    """What the pause put off comes on the first chosen weekday there is. One that is over, or put
    nothing off, leaves all as it is.
    """
    if not ahead.is_held_back(now):
        return Change(weeks=_as_they_are(ahead))
    if ahead.sessions:
        return _on_beat(ahead, ahead.beat, now, _stood(ahead))
    return _last_mail_on_beat(ahead, ahead.beat, now, ahead.last_mail_date(ahead.beat))


def _stood(ahead: Ahead) -> date | None:
    """The nearest day to where the next week stood before the break."""
    stood = ahead.before_break
    return timetable.days_after(stood, -_NEAR) if stood is not None else None


def _on_beat(ahead: Ahead, beat: Beat, now: datetime, not_before: date | None) -> Change:
    """Four days or more after the last week, by the calendar of the beat's own zone, and an hour or
    more ahead of `now`.
    """
    first = _first_date(ahead, beat, now, not_before)
    dates = timetable.weekly_dates(first, len(ahead.sessions))
    return Change(
        weeks=[
            _moved(ahead, prompt, day, beat.local_time, beat.zone)
            for prompt, day in zip(ahead.sessions, dates, strict=True)
        ]
    )


def _first_date(ahead: Ahead, beat: Beat, now: datetime, not_before: date | None) -> date:
    bounds = [not_before] if not_before is not None else []
    if ahead.last_at is not None:
        last_date = timetable.local(ahead.last_at, beat.zone).date()
        bounds.append(timetable.days_after(last_date, timetable.DAYS_APART))
    return _first_of(beat, now, max(bounds, default=None))


def _last_mail_on_beat(ahead: Ahead, beat: Beat, now: datetime, not_before: date | None) -> Change:
    day = _first_of(beat, now, not_before)
    return _last_mail(ahead, day, beat.local_time, beat.zone)


def _last_mail(ahead: Ahead, day: date, at: time, zone: str) -> Change:
    moved_from = ahead.farewell.due_at if ahead.farewell is not None else None
    return Change(weeks=[], last_mail=plans.last_mail(day, at, zone, moved_from))


def _first_of(beat: Beat, now: datetime, not_before: date | None) -> date:
    return timetable.first_date(
        weekday=beat.weekday,
        time=beat.local_time,
        zone=beat.zone,
        now=now,
        not_before=not_before,
    )


def _as_they_are(ahead: Ahead) -> Plan:
    return [
        _moved(ahead, each, each.local_date, each.local_time, each.zone) for each in ahead.sessions
    ]


def _a_week_later(ahead: Ahead, prompt: Prompt) -> PlannedSession:
    day = prompt.local_date + timetable.WEEK
    return _moved(ahead, prompt, day, prompt.local_time, prompt.zone)


def _moved(ahead: Ahead, prompt: Prompt, day: date, at: time, zone: str) -> PlannedSession:
    week, is_open = prompt.occurrence, prompt.occurrence in ahead.open_weeks
    title = ahead.titles[week]
    return plans.planned(week, title, day, at, zone, moved_from=prompt.due_at, is_open=is_open)
