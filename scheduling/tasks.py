"""Celery only wakes the senders. What is due stands in the database, and losing every message here
loses nothing: the next tick wakes them again.
"""

import time
from functools import partial

from celery import shared_task
from django.utils import timezone

from scheduling import alarm, delivery, housekeeping
from scheduling.models import Prompt
from scheduling.safely import safely

# After so many seconds a task takes no further mail. The one in hand has EMAIL_TIMEOUT, 20 seconds
# in all its phases, and then 2 for QUIT, so a worker asked to stop is gone within 37 and leaves
# nothing open.
SECONDS = 15
EXPIRES = 60
# The next tick wakes senders anew, and is not to wait behind those of the ticks before.
_UNTIL_THE_NEXT_TICK = 15
_PROMPTS_PER_SENDER = 50
_SENDERS = 4


@shared_task
def tick() -> None:
    """Every fifteen seconds, from beat."""
    now = timezone.now()
    alarm.notice(now=now)
    housekeeping.beat(now=now)
    due = Prompt.objects.due(now)[: _PROMPTS_PER_SENDER * _SENDERS].count()
    for _each in range(-(-due // _PROMPTS_PER_SENDER)):
        deliver.apply_async(expires=_UNTIL_THE_NEXT_TICK)
    if alarm.has_news(now=now):
        tell_contacts.apply_async(expires=EXPIRES)
    housekeeping.tidy(now=now)


@shared_task
def deliver() -> None:
    """Send what is due; if that takes longer than one task may, wake a successor.

    Celery would log an exception with its own words, and those may name a person.
    """
    safely("sending", partial(_deliver, time.monotonic() + SECONDS))


def _deliver(until: float) -> None:
    report = delivery.run(clock=timezone.now, stop=lambda: time.monotonic() > until)
    if time.monotonic() > until and not report.stopped:
        deliver.apply_async(expires=_UNTIL_THE_NEXT_TICK)


@shared_task
def tell_contacts() -> None:
    """Apart from the tick, which no mail server must hold up."""
    alarm.tell(now=timezone.now())
