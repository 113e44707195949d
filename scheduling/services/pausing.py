"""A pause until a date: the weeks ahead move at once, and a prompt met during it moves again."""

from datetime import date, datetime

from django.db import transaction

from participants.models import Enrolment
from scheduling import prompts
from scheduling.models import Prompt
from scheduling.plan import Plan
from scheduling.services import moving
from scheduling.services.moving import Ahead


@transaction.atomic
def pause(*, enrolment: Enrolment, until: date, now: datetime) -> Plan:
    """The next week comes on the person's own weekday, on `until` (their calendar) or after it.

    A reminder of a week already sent is dropped. Returns what moved; raises `NotTakingPart`.
    """
    current = moving.locked(enrolment)
    ahead = moving.ahead_of(current, lock=True)
    plan = moving.changed_day(ahead, ahead.beat, now=now, not_before=until)
    current.rhythm.paused_until = until
    current.rhythm.save(update_fields=["paused_until"])
    moving.write(ahead, plan)
    _drop_reminders(ahead, now)
    if not plan and ahead.farewell is not None:
        _put_off(ahead.farewell, ahead, until, now)
    return plan


@transaction.atomic
def resume(*, enrolment: Enrolment, now: datetime) -> Plan:
    """Go on, on the first chosen weekday that comes. Returns what moved; may raise as `pause`."""
    current = moving.locked(enrolment)
    ahead = moving.ahead_of(current, now=now, lock=True)
    current.rhythm.paused_until = None
    current.rhythm.save(update_fields=["paused_until"])
    plan = moving.changed_day(ahead, ahead.beat, now=now)
    moving.write(ahead, plan)
    return plan


def _drop_reminders(ahead: Ahead, now: datetime) -> None:
    moved = {each.occurrence for each in ahead.sessions}
    for week, nudge in ahead.nudges.items():
        if week not in moved:
            prompts.cancel(nudge, reason=Prompt.Reason.REPLANNED, now=now)


def _put_off(farewell: Prompt, ahead: Ahead, until: date, now: datetime) -> None:
    """Nothing but the last mail is left: it waits for the end of the pause.

    Its date may be of another zone than the pause, so one that is due moves whatever its date says.
    """
    if farewell.local_date < until or farewell.due_at <= now:
        moving.move_farewell(farewell, ahead.beat, now=now, not_before=until)
