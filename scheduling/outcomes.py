"""What became of a mail, and what that means for its row and for the sender."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling import bounces, prompts, sender
from scheduling.mail import Letter
from scheduling.models import Prompt
from scheduling.prompts import IllegalTransition
from scheduling.transport import Lost, Phase, Refused, Transport, TransportError

logger = logging.getLogger(__name__)

FIRST_BACK_OFF = timedelta(minutes=1)
LONGEST_BACK_OFF = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`error` is None for a mail that was taken. `at` is when we knew, in UTC."""

    prompt: Prompt
    error: Exception | None
    at: datetime

    @property
    def was_sent(self) -> bool:
        return self.error is None

    @property
    def stops_sender(self) -> bool:
        return isinstance(self.error, TransportError) and self.error.phase.is_about_us


def attempt(letter: Letter, transport: Transport, clock: Callable[[], datetime]) -> Outcome:
    """Speaks to the server; touches no row. Whatever goes wrong is part of the outcome."""
    error: Exception | None = None
    try:
        transport.send(letter.envelope)
    except TransportError as failure:
        error = failure
        logger.warning("prompt %d was not taken: %s", letter.prompt.pk, failure.summary)
    except Exception as failure:  # noqa: BLE001 - whatever it is, it is this one mail's outcome
        error = failure
        # Not its own words, nor the lines it passed through: either may hold an address.
        name = type(failure).__name__
        logger.error("prompt %d could not be handed over: %s", letter.prompt.pk, name)  # noqa: TRY400
        transport.close()
    return Outcome(prompt=letter.prompt, error=error, at=clock())


def settle(outcome: Outcome) -> None:
    """Write the outcome. Runs inside the transaction that takes the next row. That a mail was taken
    ends a row of refusals: whoever settles says so, by `sender.note_sent`, where there may be one.

    A row that something else settled meanwhile keeps its state: it was ten minutes in `sending`,
    or its reader pressed the button before we knew that it had arrived.
    """
    try:
        _settle(outcome)
    except IllegalTransition as illegal:
        logger.warning("came too late: %s", illegal)


def _settle(outcome: Outcome) -> None:
    """What it says of the server is noted whatever the row has become."""
    match outcome.error:
        case None:
            prompts.sent(outcome.prompt, now=outcome.at)
        case TransportError(phase=phase) as error if phase.is_about_us:
            sender.stop(error.summary, now=outcome.at)
            _stays_planned(outcome)
        case Refused(is_permanent=True) as refusal:
            _refused(outcome.prompt, refusal, outcome.at)
        case Lost(phase=Phase.DOT):
            prompts.unconfirmed(outcome.prompt, reason=Prompt.Reason.NO_ANSWER)
        case TransportError():
            put_off(outcome.prompt, reason=Prompt.Reason.BUSY, now=outcome.at)
        case _:
            # Not an answer of the server but a fault of ours: whether it left is not known.
            prompts.unconfirmed(outcome.prompt, reason=Prompt.Reason.STUCK)


def _stays_planned(outcome: Outcome) -> None:
    """At its old place in the queue: the next attempt is whenever the sender stands again."""
    prompt = outcome.prompt
    prompts.try_again(prompt, reason=Prompt.Reason.BUSY, at=prompt.next_attempt_at)


def _refused(prompt: Prompt, refusal: Refused, now: datetime) -> None:
    """A wrong address says nothing about us, so it is not counted as a refusal of ours."""
    if refusal.is_about_the_address:
        prompts.failed(prompt, reason=Prompt.Reason.ADDRESS_REFUSED, now=now)
        bounces.address_refused(prompt, now=now)
        return
    try:
        prompts.failed(prompt, reason=Prompt.Reason.MAIL_REFUSED, now=now)
    except IllegalTransition:
        # Failed already: then the answer to that very commit was lost, and it was counted.
        if prompt.state != Prompt.State.FAILED:
            sender.note_refused(refusal, now=now)
        raise
    sender.note_refused(refusal, now=now)


def put_off(prompt: Prompt, *, reason: Prompt.Reason, now: datetime) -> None:
    prompts.try_again(prompt, reason=reason, at=now + back_off(prompt.attempts))


def back_off(attempts: int) -> timedelta:
    """1, 3, 9, 27, 60, 60 ... minutes, a quarter more or less, so that a crowd does not return as
    one. How long that goes on is the row's lateness limit.
    """
    steps: int = 3 ** min(max(attempts - 1, 0), 8)
    wait = min(FIRST_BACK_OFF * steps, LONGEST_BACK_OFF)
    return wait * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
