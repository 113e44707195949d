"""Taking the next due prompt. What one worker looks at, no other sees.

One durable commit a mail: it settles the mail before, and marks this one as being sent. Only after
that commit does anything go to the server, so a row that a crash leaves behind is one in `sending`,
and a worker never has more than one.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F
from django.db.models.functions import Least

from scheduling import decisions, facts, mail, outcomes, prompts
from scheduling.decisions import Decision, Verdict
from scheduling.mail import Letter
from scheduling.models import MailSender, Prompt, Wording
from scheduling.outcomes import Outcome
from scheduling.services.moving import move
from scheduling.services.words import install_wordings

logger = logging.getLogger(__name__)

_MOST_ATTEMPTS = 32767


@dataclass(frozen=True, kw_only=True)
class Step:
    """One due prompt, looked at. `letter` is set when it is now to be sent."""

    prompt: Prompt
    verdict: Verdict
    letter: Letter | None = None


def next_step(*, settling: Outcome | None, now: datetime) -> Step | None:
    """None when nothing is due, or the sender is stopped; `settling` is written in any case."""
    with transaction.atomic(durable=True):
        if settling is not None:
            outcomes.settle(settling)
        prompt = _next_due(now)
        return _step(prompt, now) if prompt is not None else None


def _next_due(now: datetime) -> Prompt | None:
    """PostgreSQL passes by rows that others hold; SQLite lets one transaction write at a time."""
    stopped = MailSender.objects.filter(pk=1, stopped_at__isnull=False)
    return (
        Prompt.objects.due(now)
        .filter(~Exists(stopped))
        .select_related("enrolment__study", "enrolment__user", "enrolment__rhythm")
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )


def _step(prompt: Prompt, now: datetime) -> Step:
    """In a savepoint of its own: what the database refuses undoes neither the mail before, nor this
    row's being put off.
    """
    try:
        with transaction.atomic():
            decision = decisions.decide(facts.gather(prompt, now=now), now=now)
            return _done(prompt, decision, now)
    except (OperationalError, InterfaceError):
        # The database is away, or two waited for each other: all of it is done again.
        raise
    except Exception as error:  # noqa: BLE001
        # One bad row must not stop the rest, nor be lost: it is tried again, until it is too late.
        # Only the kind of error is logged: its own words may hold what is written to a person.
        name = type(error).__name__
        logger.error("prompt %d could not be written: %s", prompt.pk, name)  # noqa: TRY400
        put_off(prompt, now)
        return Step(prompt=prompt, verdict=Verdict.MOVE)


def _done(prompt: Prompt, decision: Decision, now: datetime) -> Step:
    match decision.verdict:
        case Verdict.SEND:
            return _begun(prompt, decision, now)
        case Verdict.SKIP:
            prompts.skip(prompt, reason=decision.reason, now=now)
        case Verdict.MISS:
            prompts.miss(prompt, now=now)
        case Verdict.MOVE if decision.to is not None:
            move(prompt, decision.to, prompt.local_time, prompt.zone)
    return Step(prompt=prompt, verdict=decision.verdict)


def _begun(prompt: Prompt, decision: Decision, now: datetime) -> Step:
    letter = mail.letter_for(prompt, wording_for(prompt, now), notes=decision.notes, now=now)
    prompts.begin(prompt, wording=letter.wording, message_id=letter.message_id, now=now)
    return Step(prompt=prompt, verdict=Verdict.SEND, letter=letter)


def wording_for(prompt: Prompt, now: datetime) -> Wording:
    study = prompt.enrolment.study
    try:
        return Wording.objects.in_use(study.pk, prompt.kind)
    except Wording.DoesNotExist:
        install_wordings(study=study, now=now)
        return Wording.objects.in_use(study.pk, prompt.kind)


def put_off(prompt: Prompt, now: datetime) -> None:
    """One that is due and cannot go by a fault of ours; there is an alarm until it does.

    It must not fail itself, so `attempts` stops at what its column holds.
    """
    Prompt.objects.due(now).filter(pk=prompt.pk).update(
        attempts=Least(F("attempts") + 1, _MOST_ATTEMPTS),
        reason=Prompt.Reason.UNRENDERABLE,
        next_attempt_at=now + outcomes.back_off(prompt.attempts + 1),
    )
