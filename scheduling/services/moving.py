"""Moving the weeks that lie ahead. What was sent, or is being sent, is never touched.

Each move locks the person's prompts first and looks at their states after, so a prompt that the
sender takes in the same moment is either moved before or left alone.
"""

from datetime import date, datetime, time

from django.db import transaction

from participants.models import Enrolment, Session
from scheduling import timetable
from scheduling.instants import needs_instants
from scheduling.models import PlanChange, Prompt, Rhythm
from scheduling.plan import Beat, Change
from scheduling.services.after import after_another_week, after_changing_day
from scheduling.services.ahead import Ahead, ahead_of
from scheduling.services.recording import record


@needs_instants
@transaction.atomic
def change_day(
    *,
    enrolment: Enrolment,
    weekday: int,
    local_time: time,
    zone: str,
    now: datetime,
    by: PlanChange.By = PlanChange.By.PERSON,
) -> Change:
    """Returns what moved. Raises `NotTakingPart`; `ValidationError` for an unknown day or zone."""
    current = locked(enrolment)
    ahead = ahead_of(current, now=now, lock=True)
    rhythm = current.rhythm
    rhythm.weekday, rhythm.local_time, rhythm.zone = weekday, local_time, zone
    rhythm.full_clean()
    beat = Beat(weekday=weekday, local_time=local_time, zone=zone)
    change = after_changing_day(ahead, beat, now=now)
    if change.weeks:
        rhythm.first_date = change.weeks[0].local_date
    rhythm.save()
    write(ahead, change)
    if beat != ahead.beat or change.moves_anything:
        record(rhythm, PlanChange.Kind.DAY, by=by, now=now)
    return change


@needs_instants
@transaction.atomic
def another_week(*, enrolment: Enrolment, now: datetime) -> Change:
    """The open week stays open a week longer. Returns what moved; raises `NotTakingPart`."""
    current = locked(enrolment)
    ahead = ahead_of(current, now=now, lock=True)
    change = after_another_week(ahead)
    if ahead.before_break is not None:
        later = ahead.before_break + timetable.WEEK
        Rhythm.objects.filter(enrolment=enrolment).update(before_break=later)
    write(ahead, change)
    if change.moves_anything:
        record(current.rhythm, PlanChange.Kind.ANOTHER_WEEK, by=PlanChange.By.PERSON, now=now)
    return change


def locked(enrolment: Enrolment) -> Enrolment:
    """Read anew and locked, so that two changes of one plan come one after the other."""
    return Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)


def write(ahead: Ahead, change: Change) -> None:
    """Prompts and `Session.opens_at` together; reminders and the last mail follow their weeks. A
    week that is open stays open: its mail alone moves.
    """
    farewell, last = ahead.farewell, change.last_mail
    for prompt, week in zip(ahead.sessions, change.weeks, strict=bool(change.weeks)):
        move(prompt, week.local_date, week.local_time, week.zone)
        if week.week not in ahead.open_weeks:
            open_at(prompt)
        if week.week in ahead.nudges:
            nudge = ahead.nudges[week.week]
            move(nudge, week.nudge_date, week.local_time, week.zone)
    if change.weeks and farewell is not None:
        end = change.weeks[-1]
        move(farewell, end.farewell_date, end.local_time, end.zone)
    if last is not None and farewell is not None:
        move(farewell, last.local_date, last.local_time, last.zone)


def move(prompt: Prompt, day: date, at: time, zone: str) -> None:
    """The row must be planned and locked."""
    prompt.local_date, prompt.local_time, prompt.zone = day, at, zone
    prompt.due_at = prompt.next_attempt_at = timetable.instant(day, at, zone)
    prompt.save(update_fields=["local_date", "local_time", "zone", "due_at", "next_attempt_at"])


def open_at(prompt: Prompt) -> None:
    """The week opens when its mail is due."""
    Session.objects.filter(enrolment=prompt.enrolment_id, module__week=prompt.occurrence).update(
        opens_at=prompt.due_at
    )
