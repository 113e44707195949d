"""What each tick puts in order. Every step is safe to repeat, and to run in two workers at once."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial

from django.contrib.sessions.models import Session as Visit
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from courses.uploads import unnamed
from participants import accounts, erasure, inviting, retention
from participants.models import Enrolment
from scheduling import prompts
from scheduling.missed import mark_missed
from scheduling.models import AlarmMail, Heartbeat, Kind, Prompt
from scheduling.prompts import IllegalTransition
from scheduling.safely import safely
from scheduling.unsent import end_unsent

logger = logging.getLogger(__name__)

TICK = "tick"
IN_FLIGHT = timedelta(minutes=10)
# An address is kept for the confirmation of a deletion no longer than this.
CONFIRMATION = timedelta(hours=24)
# The address of somebody who was told.
ALARM_MAILS_KEPT = timedelta(days=90)
_BATCH = 500
# Erased together, since each time all sessions are read for traces.
_TOGETHER = 50
_BEAT = timedelta(seconds=30)


def tidy(*, now: datetime) -> None:
    for step in (
        give_up_stuck,
        mark_missed,
        finish_erasures,
        end_retention,
        inviting.end_unanswered,
        end_unsent,
        accounts.erase_unconsented,
        forget_expired_visits,
        forget_alarm_mails,
        unnamed.let_go_of_unnamed,
    ):
        safely(step.__name__, partial(step, now=now))


def beat(*, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=TICK, defaults={"beat_at": now})


def beating(stop: Callable[[], bool], *, clock: Callable[[], datetime]) -> Callable[[], bool]:
    """`stop` itself, to be asked before each mail; every 30 seconds the asking beats.

    For one who ticks and sends at once: with many mails, or a slow server, a round takes long. It
    is asked with an answer in hand that is not written yet, so a beat that fails must not end it.
    """
    last: datetime | None = None

    def asked() -> bool:
        nonlocal last
        now = clock()
        if last is None or now - last >= _BEAT:
            safely("beating", partial(beat, now=now))
            last = now
        return stop()

    return asked


def forget_expired_visits(*, now: datetime) -> None:
    """A visit may hold an address that was typed and never became an account."""
    Visit.objects.filter(expire_date__lt=now).delete()


def forget_alarm_mails(*, now: datetime) -> None:
    """The alarm itself stays: when the mail stood still is evidence."""
    AlarmMail.objects.filter(alarm__cleared_at__lt=now - ALARM_MAILS_KEPT).delete()


def give_up_stuck(*, now: datetime) -> int:
    """Rows ten minutes in `sending`: their worker is gone, and whether they went is not known."""
    stuck = Prompt.objects.filter(state=Prompt.State.SENDING, sending_since__lt=now - IN_FLIGHT)[
        :_BATCH
    ]
    return sum(
        safely(f"giving up prompt {prompt.pk}", partial(_give_up, prompt)) for prompt in stuck
    )


@transaction.atomic
def _give_up(prompt: Prompt) -> bool:
    try:
        prompts.unconfirmed(prompt, reason=Prompt.Reason.STUCK)
    except IllegalTransition as settled:
        logger.info("settled meanwhile: %s", settled)
        return False
    return True


def finish_erasures(*, now: datetime) -> int:
    """Erase the address once its last mail has gone, or after a day in any case."""
    unsettled = Prompt.objects.filter(
        enrolment=OuterRef("pk"),
        kind=Kind.WITHDRAWAL,
        state__in=[Prompt.State.PLANNED, Prompt.State.SENDING],
    )
    ready = erasure.awaiting().filter(
        ~Exists(unsettled) | Q(erasure_requested_at__lte=now - CONFIRMATION)
    )
    return sum(
        safely(f"erasing enrolment {each.pk}", partial(erase, each, now)) for each in list(ready)
    )


@transaction.atomic
def erase(enrolment: Enrolment, now: datetime) -> bool:
    """At once, and what was still to be mailed is not. The person is locked first, then their
    mails, as by all that changes a plan.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    _cancel_planned([enrolment], Prompt.Reason.WITHDRAWN, now)
    erasure.erase_identity(enrolment=enrolment, now=now)
    return True


def _cancel_planned(people: Collection[Enrolment], reason: Prompt.Reason, now: datetime) -> None:
    rows = Prompt.objects.select_for_update().filter(enrolment__in=people).order_by("pk")
    for prompt in rows:
        if prompt.state == Prompt.State.PLANNED:
            prompts.cancel(prompt, reason=reason, now=now)


def end_retention(*, now: datetime) -> int:
    """Part people from their codes whose study's last day has passed; 500 at most in one tick."""
    keys = list(retention.kept_long_enough(now).values_list("pk", flat=True)[:_BATCH])
    batches = [keys[start : start + _TOGETHER] for start in range(0, len(keys), _TOGETHER)]
    return sum(safely("ending retention", partial(_end_retention, batch, now)) for batch in batches)


@transaction.atomic
def _end_retention(keys: list[int], now: datetime) -> int:
    """Locked as above, and then looked at again: the study may have been given a later day."""
    people = list(
        retention.kept_long_enough(now).filter(pk__in=keys).select_for_update(of=("self",))
    )
    _cancel_planned(people, Prompt.Reason.NO_ADDRESS, now)
    erasure.erase_together(enrolments=people, now=now)
    return len(people)
