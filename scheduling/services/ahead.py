"""What of a person's plan can move, and where each kind of change would move it.

Reads only. The previews show what is computed here, and the services write the very same.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from participants.models import Enrolment
from scheduling import plan as plans
from scheduling import timetable
from scheduling.models import Kind, Prompt, Rhythm
from scheduling.plan import FAREWELL_DAYS, Beat, Change, Plan, PlannedSession

KINDS = [Kind.SESSION, Kind.NUDGE, Kind.FAREWELL]


class NotTakingPart(Exception):
    """Nothing can be planned: this person has withdrawn, or has not chosen a day."""

    def __init__(self, enrolment: Enrolment) -> None:
        super().__init__(f"{enrolment.code} is not taking part")
        self.enrolment = enrolment


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """What of a person's plan can move, and when (UTC) the last week that cannot began."""

    enrolment: Enrolment
    beat: Beat
    sessions: list[Prompt]
    nudges: dict[int, Prompt]
    farewell: Prompt | None
    titles: dict[int, str]
    last_at: datetime | None
    paused_until: date | None

    def is_paused(self, now: datetime) -> bool:
        """Raises `ZoneInfoNotFoundError` where the beat's zone is no more."""
        until = self.paused_until
        return until is not None and timetable.local(now, self.beat.zone).date() < until

    def is_held_back(self, now: datetime) -> bool:
        """Whether the pause of now has put off what is next. What is more than a week behind it was
        planned so before, as by another week taken.
        """
        held = self.sessions[0] if self.sessions else self.farewell
        if held is None or self.paused_until is None or not self.is_paused(now):
            return False
        return held.due_at > now and held.local_date - self.paused_until <= timetable.WEEK

    def last_mail_date(self, beat: Beat) -> date | None:
        """A week after the last week began, by the beat's calendar; None if none has."""
        if self.last_at is None:
            return None
        return timetable.local(self.last_at, beat.zone).date() + timedelta(days=FAREWELL_DAYS)


def ahead_of(enrolment: Enrolment, *, now: datetime | None = None, lock: bool = False) -> Ahead:
    """`now` leaves out what is due already: that week is open, and its mail on its way. A week that
    was opened is left out in any case, or it would be closed again.

    Raises `NotTakingPart` after withdrawal and before a day is chosen.
    """
    rhythm = Rhythm.objects.filter(enrolment=enrolment).first()
    if enrolment.is_withdrawn or rhythm is None:
        raise NotTakingPart(enrolment)
    rows = Prompt.objects.filter(enrolment=enrolment, kind__in=KINDS, copy=0).order_by("pk")
    prompts = list(rows.select_for_update() if lock else rows)
    opened = _opened_weeks(enrolment)
    movable = [each for each in prompts if _can_move(each, opened, now)]
    sessions = [each for each in movable if each.kind == Kind.SESSION]
    fixed = [
        each
        for each in prompts
        if each.kind == Kind.SESSION
        and each not in sessions
        and each.state != Prompt.State.CANCELLED
    ]
    return Ahead(
        enrolment=enrolment,
        beat=Beat(weekday=rhythm.weekday, local_time=rhythm.local_time, zone=rhythm.zone),
        sessions=sorted(sessions, key=lambda each: each.occurrence),
        nudges={each.occurrence: each for each in movable if each.kind == Kind.NUDGE},
        farewell=next((each for each in movable if each.kind == Kind.FAREWELL), None),
        titles=dict(enrolment.edition.modules.values_list("week", "title")),
        last_at=max(map(_began_at, fixed), default=None),
        paused_until=rhythm.paused_until,
    )


def after_changing_day(ahead: Ahead, beat: Beat, *, now: datetime) -> Change:
    """The weeks ahead on that beat, behind a pause that was chosen; a last mail comes no sooner."""
    if ahead.sessions:
        return _on_beat(ahead, beat, now, ahead.paused_until)
    farewell = ahead.farewell
    if farewell is None or farewell.due_at <= now:
        return Change(weeks=[])
    earliest = max(farewell.local_date, ahead.paused_until or farewell.local_date)
    return _last_mail_on_beat(beat, now, earliest)


def after_another_week(ahead: Ahead) -> Change:
    """Each week ahead one week later, at its own hour; where none is, the last mail."""
    if ahead.sessions:
        return Change(weeks=[_a_week_later(ahead, each) for each in ahead.sessions])
    farewell = ahead.farewell
    if farewell is None:
        return Change(weeks=[])
    day = farewell.local_date + timetable.WEEK
    return Change(weeks=[], last_mail=plans.last_mail(day, farewell.local_time, farewell.zone))


def after_pausing(ahead: Ahead, until: date, *, now: datetime) -> Change:
    """On the chosen weekday, on `until` or after it. A pause brings nothing forward, but a shorter
    one that takes the place of a longer one brings back what that had put off.
    """
    is_shorter = ahead.paused_until is not None and until < ahead.paused_until
    back = is_shorter and ahead.is_held_back(now)
    if ahead.sessions:
        earliest = until if back else max(until, ahead.sessions[0].local_date)
        return _on_beat(ahead, ahead.beat, now, earliest)
    farewell = ahead.farewell
    if farewell is None or (farewell.local_date >= until and farewell.due_at > now and not back):
        return Change(weeks=[])
    planned = ahead.last_mail_date(ahead.beat) if back else farewell.local_date
    return _last_mail_on_beat(ahead.beat, now, max(until, planned or until))


def after_resuming(ahead: Ahead, *, now: datetime) -> Change:
    """What the pause put off comes on the first chosen weekday there is. One that is over, or put
    nothing off, leaves all as it is.
    """
    if not ahead.is_held_back(now):
        return Change(weeks=_as_they_are(ahead))
    if ahead.sessions:
        return _on_beat(ahead, ahead.beat, now, None)
    return _last_mail_on_beat(ahead.beat, now, ahead.last_mail_date(ahead.beat))


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


def _last_mail_on_beat(beat: Beat, now: datetime, not_before: date | None) -> Change:
    day = _first_of(beat, now, not_before)
    return Change(weeks=[], last_mail=plans.last_mail(day, beat.local_time, beat.zone))


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
    title = ahead.titles[prompt.occurrence]
    return plans.planned(prompt.occurrence, title, day, at, zone, moved_from=prompt.due_at)


def _opened_weeks(enrolment: Enrolment) -> set[int]:
    opened = enrolment.sessions.filter(first_opened_at__isnull=False)
    return set(opened.values_list("module__week", flat=True))


def _can_move(prompt: Prompt, opened: set[int], now: datetime | None) -> bool:
    if prompt.state != Prompt.State.PLANNED:
        return False
    if prompt.kind != Kind.SESSION:
        return True
    return prompt.occurrence not in opened and (now is None or prompt.due_at > now)


def _began_at(prompt: Prompt) -> datetime:
    """As planned, or as sent where that was later."""
    return max(prompt.due_at, prompt.sent_at or prompt.due_at)
