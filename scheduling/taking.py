"""Taking the next due prompt. What one worker looks at, no other sees.

One durable commit a mail: it settles the mail before, and marks this one as being sent. Only after
that commit does anything go to the server, so a row that a crash leaves behind is one in `sending`,
and a worker never has more than one.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Least

from scheduling import decisions, facts, mail, outcomes, prompts, sender
from scheduling.away import is_away
from scheduling.decisions import Decision, Verdict
from scheduling.mail import Letter
from scheduling.models import MailSender, Prompt, Wording
from scheduling.outcomes import Outcome
from scheduling.prepared import Given, Reading
from scheduling.services.moving import move
from scheduling.services.words import install_wordings
from scheduling.values import Editions

logger = logging.getLogger(__name__)

_MOST_ATTEMPTS = 32767
_STOPPED = MailSender.objects.filter(pk=1, stopped_at__isnull=False)
_NEWEST = Wording.objects.filter(
    study=OuterRef("enrolment__study"), kind=OuterRef("kind")
).order_by("-version")


def _due() -> QuerySet[Prompt]:
    """The first of them alone, and only then the person: joined to all that may be due, PostgreSQL
    prepares for as many people. Passes by rows that others hold; SQLite lets one transaction write
    at a time. Locked twice, since what is locked inside is not read anew outside.
    """
    first = Prompt.objects.due(Given("now", DateTimeField())).filter(~Exists(_STOPPED))
    return (
        Prompt.objects.filter(
            pk=Subquery(first.select_for_update(skip_locked=True).values("pk")[:1])
        )
        .annotate(
            newest_wording=Subquery(_NEWEST.values("pk")[:1]),
            refusals=Subquery(MailSender.objects.filter(pk=1).values("refusals")),
        )
        .select_related("enrolment__study", "enrolment__user", "enrolment__rhythm")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by()
    )


_NEXT_DUE = Reading("next_due", _due)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One due prompt, looked at. `letter` is set when it is now to be sent."""

    prompt: Prompt
    verdict: Verdict
    letter: Letter | None = None


class Taker:
    """Takes for one sender, during one run: for so long it keeps what it read and cannot change."""

    def __init__(self) -> None:
        self._editions = Editions()
        self._wordings: dict[int, Wording] = {}
        self._in_hand: Step | None = None

    def next_step(self, *, settling: Outcome | None, now: datetime) -> Step | None:
        """None when nothing is due, or the sender is stopped; `settling` is written in any case.

        If the database went away during the commit, call it again: only this sender can know the
        row that it took, and goes on with it if that commit was made.
        """
        step = self._in_hand
        if step is None or not _was_taken(step.prompt):
            step = self._taken(settling, now)
        self._in_hand = None
        return step

    def _taken(self, settling: Outcome | None, now: datetime) -> Step | None:
        """One bad row must not stop the rest, nor be lost: it is tried again, until too late."""
        prompt: Prompt | None = None
        try:
            with transaction.atomic(durable=True):
                self._in_hand = None
                prompt = _settle_and_take(settling, now)
                step = self._step(prompt, now) if prompt is not None else None
                self._in_hand = step if step is not None and step.letter is not None else None
        except Exception as error:
            if prompt is None or is_away(error):
                # All of it is done again.
                raise
            # Its kind alone is logged: its own words may hold what is written to a person.
            name = type(error).__name__
            logger.error("prompt %d could not be written: %s", prompt.pk, name)  # noqa: TRY400
            step = _put_aside(prompt, settling, now)
        return step

    def _step(self, prompt: Prompt, now: datetime) -> Step:
        decision = decisions.decide(facts.gather(prompt, now=now), now=now)
        match decision.verdict:
            case Verdict.SEND:
                return self._begun(prompt, decision, now)
            case Verdict.SKIP:
                prompts.skip(prompt, reason=decision.reason, now=now)
            case Verdict.MISS:
                prompts.miss(prompt, now=now)
            case Verdict.MOVE if decision.to is not None:
                move(prompt, decision.to, prompt.local_time, prompt.zone)
        return Step(prompt=prompt, verdict=decision.verdict)

    def _begun(self, prompt: Prompt, decision: Decision, now: datetime) -> Step:
        letter = mail.letter_for(
            prompt,
            self._wording_for(prompt, now),
            notes=decision.notes,
            editions=self._editions,
            now=now,
        )
        prompts.begin(prompt, wording=letter.wording, message_id=letter.message_id, now=now)
        return Step(prompt=prompt, verdict=Verdict.SEND, letter=letter)

    def _wording_for(self, prompt: Prompt, now: datetime) -> Wording:
        """The newest. A wording is never changed, so each is read once."""
        study, newest = prompt.enrolment.study, vars(prompt)["newest_wording"]
        if newest is None:
            install_wordings(study=study, now=now)
            return Wording.objects.in_use(study.pk, prompt.kind)
        if newest not in self._wordings:
            self._wordings[newest] = Wording.objects.get(pk=newest)
        return self._wordings[newest]


def put_off(prompt: Prompt, now: datetime) -> None:
    """One that is due and cannot go by a fault of ours; there is an alarm until it does.

    It must not fail itself, so `attempts` stops at what its column holds.
    """
    Prompt.objects.due(now).filter(pk=prompt.pk).update(
        attempts=Least(F("attempts") + 1, _MOST_ATTEMPTS),
        reason=Prompt.Reason.UNRENDERABLE,
        next_attempt_at=now + outcomes.back_off(prompt.attempts + 1),
    )


def settle_last(outcome: Outcome) -> None:
    """When no other prompt is taken with it."""
    with transaction.atomic(durable=True):
        outcomes.settle(outcome)
        if outcome.was_sent:
            sender.note_sent()


def _settle_and_take(settling: Outcome | None, now: datetime) -> Prompt | None:
    if settling is not None:
        outcomes.settle(settling)
    prompt = _NEXT_DUE.first(now=now)
    # Read after the mail before was settled: a row of refusals ends here, if there is one.
    if settling is not None and settling.was_sent and (not prompt or vars(prompt)["refusals"]):
        sender.note_sent()
    return prompt


def _put_aside(prompt: Prompt, settling: Outcome | None, now: datetime) -> Step:
    """All of its transaction was undone; what was sent before it must be written all the same."""
    with transaction.atomic(durable=True):
        if settling is not None:
            outcomes.settle(settling)
        put_off(prompt, now)
    return Step(prompt=prompt, verdict=Verdict.MOVE)


def _was_taken(prompt: Prompt) -> bool:
    """By us, in the commit whose answer was lost. Waits for one that is still being made."""
    ours = Prompt.objects.filter(
        pk=prompt.pk,
        state=Prompt.State.SENDING,
        message_id=prompt.message_id,
        attempts=prompt.attempts,
        sending_since=prompt.sending_since,
    )
    with transaction.atomic():
        return ours.select_for_update().first() is not None
