"""The loop that sends what is due. Celery's workers and `send_due` both run it.

See docs/prompts.md for what it guarantees, and what nothing can.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from typing import TypeVar

from django.conf import settings
from django.db import Error, connection

from scheduling import outcomes, sender, taking
from scheduling.away import is_away
from scheduling.decisions import Verdict
from scheduling.models import Prompt
from scheduling.outcomes import Outcome
from scheduling.services.pausing import keep_pausing
from scheduling.taking import Step, Taker
from scheduling.transport import Transport, open_transport

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]
T = TypeVar("T")
# Waits, in seconds, while the database restarts. A mail that was sent must be written down.
_DATABASE_WAITS = (0.1, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass
class Report:
    """How many due prompts were looked at, and what became of them."""

    sent: int = 0
    not_sent: int = 0
    decided: dict[Verdict, int] = field(default_factory=dict)
    stopped: bool = False

    @property
    def looked_at(self) -> int:
        return sum(self.decided.values())


def run(
    *, clock: Clock, stop: Callable[[], bool] = lambda: False, limit: int | None = None
) -> Report:
    """Until nothing is due, `stop()` says so, or `limit` prompts were looked at."""
    report = Report()
    with open_transport() as transport:
        address = parseaddr(settings.EMAIL_FROM)[1]
        if not sender.may_send(transport, sender=address, now=clock()):
            report.stopped = True
            return report
        taker, outcome = Taker(), None
        try:
            while not stop() and (limit is None or report.looked_at < limit):
                step = _next_step(taker, outcome, clock)
                outcome = None
                if step is None:
                    break
                outcome = _act(step, transport, clock, report)
        finally:
            # Whatever ends the round: what the server answered is written down.
            if outcome is not None:
                _settle_last(outcome)
    return report


def _act(step: Step, transport: Transport, clock: Clock, report: Report) -> Outcome | None:
    report.decided[step.verdict] = report.decided.get(step.verdict, 0) + 1
    if step.verdict == Verdict.REPLAN:
        _surviving(lambda: _replan(step.prompt, clock()))
    if step.letter is None:
        return None
    outcome = outcomes.attempt(step.letter, transport, clock)
    report.sent += outcome.was_sent
    report.not_sent += not outcome.was_sent
    report.stopped = outcome.stops_sender
    return outcome


def _replan(prompt: Prompt, now: datetime) -> None:
    """A pause was saved while this row was due: it moves, as the others did.

    One that did not move is put off, or this loop would look at it for ever; but of a pause that
    was ended meanwhile there is nothing left to see.
    """
    try:
        if not keep_pausing(enrolment=prompt.enrolment, now=now):
            return
    except Exception as error:
        if is_away(error):
            raise
        # Whatever else it is, the others go on.
        name = type(error).__name__
        logger.error("prompt %d could not be moved: %s", prompt.pk, name)  # noqa: TRY400
    taking.put_off(prompt, now)


def _next_step(taker: Taker, outcome: Outcome | None, clock: Clock) -> Step | None:
    return _surviving(lambda: taker.next_step(settling=outcome, now=clock()))


def _settle_last(outcome: Outcome) -> None:
    _surviving(lambda: taking.settle_last(outcome))


def _surviving(work: Callable[[], T]) -> T:
    """Do it again while the database is away for a moment."""
    for wait in _DATABASE_WAITS:
        try:
            return work()
        except Error as error:
            if not is_away(error):
                raise
            logger.warning("the database did not answer; trying again in %.1f s", wait)
            _reconnect()
            time.sleep(wait)
    return work()


def _reconnect() -> None:
    if not connection.in_atomic_block:
        connection.close()
