"""After the storm: the waits that are left pass, by the clock that everything is asked with."""

from datetime import datetime, timedelta
from functools import partial

from scheduling import delivery, housekeeping
from scheduling.models import MailSender, Prompt

_WAITING = (Prompt.State.PLANNED, Prompt.State.SENDING)
_TICK = timedelta(minutes=1)


def pass_by(now: datetime) -> datetime:
    """Tick until nothing waits any more. Returns the moment it came to."""
    for _each in range(500):
        delivery.run(clock=partial(_at, now))
        housekeeping.tidy(now=now)
        waits = list(_waits())
        if not waits:
            return now
        now = max(now + _TICK, min(waits))
    raise AssertionError(f"At {now} there are rows that still wait.")


def _at(now: datetime) -> datetime:
    return now


def _waits() -> list[datetime]:
    """When each next thing can happen."""
    rows = Prompt.objects.filter(state__in=_WAITING)
    waits = [
        (each.sending_since or each.next_attempt_at)
        + (housekeeping.IN_FLIGHT if each.sending_since else timedelta(0))
        for each in rows
    ]
    stopped = MailSender.objects.filter(stopped_at__isnull=False).first()
    if stopped is None or not waits:
        return waits
    return [max(min(waits), stopped.retry_at or min(waits))]
