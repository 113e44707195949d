"""What each tick puts in order. Every step is safe to repeat, and to run in two workers at once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.contrib.sessions.models import Session as Visit
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from participants import accounts, erasure
from participants.models import Enrolment
from scheduling import decisions, facts, lateness, prompts
from scheduling.decisions import Verdict
from scheduling.models import Heartbeat, Kind, Prompt
from scheduling.prompts import IllegalTransition

logger = logging.getLogger(__name__)

TICK = "tick"
IN_FLIGHT = timedelta(minutes=10)
# An address is kept for the confirmation of a deletion no longer than this.
CONFIRMATION = timedelta(hours=24)
_BATCH = 500
_BEAT = timedelta(seconds=30)


def tidy(*, now: datetime) -> None:
    for step in (
        give_up_stuck,
        mark_missed,
        finish_erasures,
        accounts.erase_unconsented,
        forget_expired_visits,
    ):
        _safely(step.__name__, partial(step, now=now))


def _safely(what: str, work: Callable[[], int | None]) -> int:
    """One step or row that fails must not hold up the others; the next tick tries it again.

    Only the kind of error is logged: its own words may name a person.
    """
    try:
        return work() or 0
    except Exception as error:  # noqa: BLE001
        logger.error("%s failed: %s", what, type(error).__name__)  # noqa: TRY400
        return 0


def beat(*, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=TICK, defaults={"beat_at": now})


def beating(stop: Callable[[], bool], *, clock: Callable[[], datetime]) -> Callable[[], bool]:
    """`stop` itself, to be asked before each mail; every 30 seconds the asking beats.

    For one who ticks and sends at once: with many mails, or a slow server, a round takes long.
    """
    last: datetime | None = None

    def asked() -> bool:
        nonlocal last
        now = clock()
        if last is None or now - last >= _BEAT:
            beat(now=now)
            last = now
        return stop()

    return asked


def forget_expired_visits(*, now: datetime) -> None:
    """A visit may hold an address that was typed and never became an account."""
    Visit.objects.filter(expire_date__lt=now).delete()


def give_up_stuck(*, now: datetime) -> int:
    """Rows ten minutes in `sending`: their worker is gone, and whether they went is not known."""
    stuck = Prompt.objects.filter(state=Prompt.State.SENDING, sending_since__lt=now - IN_FLIGHT)[
        :_BATCH
    ]
    return sum(
        _safely(f"giving up prompt {prompt.pk}", partial(_give_up, prompt)) for prompt in stuck
    )


@transaction.atomic
def _give_up(prompt: Prompt) -> bool:
    try:
        prompts.unconfirmed(prompt, reason=Prompt.Reason.STUCK)
    except IllegalTransition as settled:
        logger.info("settled meanwhile: %s", settled)
        return False
    return True


def mark_missed(*, now: datetime) -> int:
    """Rows whose time has passed, also while the sender is stopped and nobody takes them."""
    oldest = Prompt.objects.due(now).filter(due_at__lt=now - lateness.REMINDER)
    ids = list(oldest.values_list("pk", flat=True)[:_BATCH])
    return sum(_safely(f"looking at prompt {pk}", partial(_mark_missed, pk, now)) for pk in ids)


@transaction.atomic
def _mark_missed(pk: int, now: datetime) -> bool:
    prompt = (
        Prompt.objects.planned()
        .filter(pk=pk)
        .select_related("enrolment__study", "enrolment__user", "enrolment__rhythm")
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    if prompt is None:
        return False
    if decisions.decide(facts.gather(prompt, now=now), now=now).verdict != Verdict.MISS:
        return False
    prompts.miss(prompt, now=now)
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
        _safely(f"erasing enrolment {each.pk}", partial(_erase, each, now)) for each in list(ready)
    )


@transaction.atomic
def _erase(enrolment: Enrolment, now: datetime) -> bool:
    """The person is locked first, then their mails, as by all that changes a plan."""
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    rows = Prompt.objects.select_for_update().filter(enrolment=enrolment).order_by("pk")
    for prompt in rows:
        if prompt.state == Prompt.State.PLANNED:
            prompts.cancel(prompt, reason=Prompt.Reason.WITHDRAWN, now=now)
    erasure.erase_identity(enrolment=enrolment, now=now)
    return True
