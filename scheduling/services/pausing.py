"""A pause until a date: the weeks ahead move at once, and a prompt met during it moves again.

A reminder stays where it is, and is decided upon when it is due: in a pause it is not needed, and
when the pause was ended before, it goes.
"""

from datetime import date, datetime

from django.db import transaction

from participants.models import Enrolment
from scheduling.instants import needs_instants
from scheduling.models import PlanChange
from scheduling.plan import Change
from scheduling.services import moving
from scheduling.services.after import after_pausing, after_resuming
from scheduling.services.ahead import ahead_of
from scheduling.services.recording import record


@needs_instants
@transaction.atomic
def pause(
    *,
    enrolment: Enrolment,
    until: date,
    now: datetime,
    by: PlanChange.By = PlanChange.By.PERSON,
) -> Change:
    """The next week comes on the person's own weekday, on `until` (their calendar) or after it.

    Returns what moved; raises `NotTakingPart`.
    """
    current = moving.locked(enrolment)
    ahead = ahead_of(current, now=now, also_due=True, lock=True)
    change = after_pausing(ahead, until, now=now)
    if not ahead.is_paused(now):
        current.rhythm.before_break = ahead.next_date()
    current.rhythm.paused_until = until
    current.rhythm.save(update_fields=["paused_until", "before_break"])
    moving.write(ahead, change)
    if until != ahead.paused_until or change.moves_anything:
        record(current.rhythm, PlanChange.Kind.PAUSE, by=by, now=now, until=until)
    return change


@needs_instants
@transaction.atomic
def keep_pausing(*, enrolment: Enrolment, now: datetime) -> bool:
    """For a row that was due in a pause: the weeks move behind it, as they did when it was saved.

    Returns False for whoever ended theirs in the same moment; may raise as `pause`.
    """
    ahead = ahead_of(moving.locked(enrolment), now=now, also_due=True, lock=True)
    if ahead.paused_until is None or not ahead.is_paused(now):
        return False
    moving.write(ahead, after_pausing(ahead, ahead.paused_until, now=now))
    return True


@needs_instants
@transaction.atomic
def resume(
    *, enrolment: Enrolment, now: datetime, by: PlanChange.By = PlanChange.By.PERSON
) -> Change:
    """Go on, on the first chosen weekday that comes. Returns what moved; may raise as `pause`."""
    current = moving.locked(enrolment)
    ahead = ahead_of(current, now=now, lock=True)
    change = after_resuming(ahead, now=now)
    if ahead.is_paused(now):
        record(current.rhythm, PlanChange.Kind.RESUME, by=by, now=now)
    current.rhythm.paused_until = current.rhythm.before_break = None
    current.rhythm.save(update_fields=["paused_until", "before_break"])
    moving.write(ahead, change)
    return change
