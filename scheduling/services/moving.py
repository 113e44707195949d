"""Moving the weeks that lie ahead. What was sent, or is being sent, is never touched.

Each move locks the person's prompts first and looks at their states after, so a prompt that the
sender takes in the same moment is either moved before or left alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfoNotFoundError

from django.db import transaction

from participants.models import Enrolment, Session
from scheduling import plan as plans
from scheduling import timetable
from scheduling.models import Kind, Prompt, Rhythm
from scheduling.plan import Beat, Plan, PlannedSession

_KINDS = [Kind.SESSION, Kind.NUDGE, Kind.FAREWELL]


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


def ahead_of(enrolment: Enrolment, *, now: datetime | None = None, lock: bool = False) -> Ahead:
    """`now` leaves out what is due already: that week is open, and its mail on its way. A week that
    was opened is left out in any case, or it would be closed again.

    Raises `NotTakingPart` after withdrawal and before a day is chosen.
    """
    rhythm = Rhythm.objects.filter(enrolment=enrolment).first()
    if enrolment.is_withdrawn or rhythm is None:
        raise NotTakingPart(enrolment)
    rows = Prompt.objects.filter(enrolment=enrolment, kind__in=_KINDS, copy=0).order_by("pk")
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


def changed_day(ahead: Ahead, beat: Beat, *, now: datetime, not_before: date | None = None) -> Plan:
    """The movable weeks on that beat: four days or more after the last, by the calendar of the
    beat's own zone, and an hour or more ahead of `now`.
    """
    first = _first_date(ahead, beat, now, not_before)
    dates = timetable.weekly_dates(first, len(ahead.sessions))
    return [
        _moved(ahead, prompt, day, beat.local_time, beat.zone)
        for prompt, day in zip(ahead.sessions, dates, strict=True)
    ]


def another_week_on(ahead: Ahead) -> Plan:
    """Each movable week one week later, at its own hour."""
    return [
        _moved(ahead, each, each.local_date + timetable.WEEK, each.local_time, each.zone)
        for each in ahead.sessions
    ]


@transaction.atomic
def change_day(
    *, enrolment: Enrolment, weekday: int, local_time: time, zone: str, now: datetime
) -> Plan:
    """Returns what moved. Raises `NotTakingPart`; `ValidationError` for an unknown day or zone."""
    current = locked(enrolment)
    beat = Beat(weekday=weekday, local_time=local_time, zone=zone)
    ahead = ahead_of(current, now=now, lock=True)
    rhythm = current.rhythm
    rhythm.weekday, rhythm.local_time, rhythm.zone = weekday, local_time, zone
    rhythm.full_clean()
    plan = changed_day(ahead, beat, now=now, not_before=ahead.paused_until)
    if plan:
        rhythm.first_date = plan[0].local_date
    rhythm.save()
    write(ahead, plan)
    if not plan:
        _farewell_follows(ahead, beat, now)
    return plan


@transaction.atomic
def another_week(*, enrolment: Enrolment, now: datetime) -> Plan:
    """The open week stays open a week longer. Returns what moved; raises `NotTakingPart`."""
    ahead = ahead_of(locked(enrolment), now=now, lock=True)
    plan = another_week_on(ahead)
    write(ahead, plan)
    if not plan and ahead.farewell is not None:
        farewell = ahead.farewell
        move(farewell, farewell.local_date + timetable.WEEK, farewell.local_time, farewell.zone)
    return plan


@transaction.atomic
def rederive(*, enrolment: Enrolment) -> int:
    """Compute the instants of unsent rows anew, after an update of the time zone rules.

    Returns how many changed. A row whose zone no longer exists keeps the instant it has, and one
    that was tried and waits to be tried again keeps its wait.
    """
    ahead = ahead_of(locked(enrolment), lock=True)
    rows = [*ahead.sessions, *ahead.nudges.values(), *([ahead.farewell] if ahead.farewell else [])]
    return sum(_rederive_row(row) for row in rows)


def locked(enrolment: Enrolment) -> Enrolment:
    """Read anew and locked, so that two changes of one plan come one after the other."""
    return Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)


def write(ahead: Ahead, plan: Plan) -> None:
    """Prompts and `Session.opens_at` together; reminders and the last mail follow their weeks."""
    for prompt, week in zip(ahead.sessions, plan, strict=True):
        move(prompt, week.local_date, week.local_time, week.zone)
        _open_at(prompt)
        if week.week in ahead.nudges:
            nudge = ahead.nudges[week.week]
            move(nudge, week.nudge_date, week.local_time, week.zone)
    if plan and ahead.farewell is not None:
        move(ahead.farewell, plan[-1].farewell_date, plan[-1].local_time, plan[-1].zone)


def move(prompt: Prompt, day: date, at: time, zone: str) -> None:
    """The row must be planned and locked."""
    prompt.local_date, prompt.local_time, prompt.zone = day, at, zone
    prompt.due_at = prompt.next_attempt_at = timetable.instant(day, at, zone)
    prompt.save(update_fields=["local_date", "local_time", "zone", "due_at", "next_attempt_at"])


def move_farewell(farewell: Prompt, beat: Beat, *, now: datetime, not_before: date) -> None:
    """To the first day of the beat on that local date or later, an hour or more ahead of `now`."""
    day = timetable.first_date(
        weekday=beat.weekday,
        time=beat.local_time,
        zone=beat.zone,
        now=now,
        not_before=not_before,
    )
    move(farewell, day, beat.local_time, beat.zone)


def _farewell_follows(ahead: Ahead, beat: Beat, now: datetime) -> None:
    """Nothing but the last mail is left: it takes the new day and zone, and comes no sooner."""
    farewell = ahead.farewell
    if farewell is not None and farewell.due_at > now:
        not_before = max(farewell.local_date, ahead.paused_until or farewell.local_date)
        move_farewell(farewell, beat, now=now, not_before=not_before)


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


def _first_date(ahead: Ahead, beat: Beat, now: datetime, not_before: date | None) -> date:
    bounds: Iterable[date] = [not_before] if not_before is not None else []
    if ahead.last_at is not None:
        last_date = timetable.local(ahead.last_at, beat.zone).date()
        apart = timetable.days_after(last_date, timetable.DAYS_APART)
        bounds = [*bounds, apart]
    return timetable.first_date(
        weekday=beat.weekday,
        time=beat.local_time,
        zone=beat.zone,
        now=now,
        not_before=max(bounds, default=None),
    )


def _moved(ahead: Ahead, prompt: Prompt, day: date, at: time, zone: str) -> PlannedSession:
    title = ahead.titles[prompt.occurrence]
    return plans.planned(prompt.occurrence, title, day, at, zone, moved_from=prompt.due_at)


def _open_at(prompt: Prompt) -> None:
    Session.objects.filter(enrolment=prompt.enrolment_id, module__week=prompt.occurrence).update(
        opens_at=prompt.due_at
    )


def _rederive_row(prompt: Prompt) -> bool:
    before = prompt.due_at
    if prompt.attempts and prompt.next_attempt_at > before:
        return False
    try:
        move(prompt, prompt.local_date, prompt.local_time, prompt.zone)
    except ZoneInfoNotFoundError:
        return False
    if prompt.kind == Kind.SESSION:
        _open_at(prompt)
    return prompt.due_at != before
