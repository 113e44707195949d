"""Taking the next due prompt. What one worker looks at, no other sees.

One durable commit a mail: it settles the mail before, and marks this one as being sent. Only after
that commit does anything go to the server, so a row that a crash leaves behind is one in `sending`,
and a worker never has more than one.

On PostgreSQL a mail that is to go, by what was read of it a moment before, is taken in one
statement (`scheduling.at_once`). All else goes the strict way, and on SQLite everything: the row is
locked, all is read, decided and written in one transaction.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Least

from scheduling import at_once, decisions, facts, outcomes, prompts, sender
from scheduling.at_once import STOPPED, newest_wording
from scheduling.away import is_away
from scheduling.decisions import Decision, Verdict
from scheduling.due import Candidate, Queue
from scheduling.mail import Letter
from scheduling.meanwhile import meanwhile
from scheduling.models import MailSender, Prompt
from scheduling.models.prompt import PromptQuerySet
from scheduling.outcomes import Outcome
from scheduling.prepared import Given, Reading
from scheduling.services.moving import move
from scheduling.writing import Writer

logger = logging.getLogger(__name__)

_MOST_ATTEMPTS = 32767
# For so long a letter that was written ahead may wait for its turn.
_MOMENT = timedelta(seconds=1)


def _locked(first: PromptQuerySet) -> QuerySet[Prompt]:
    """The first of them alone, and only then the person: joined to all that may be due, PostgreSQL
    prepares for as many people. Passes by rows that others hold; SQLite lets one transaction write
    at a time. Locked twice, since what is locked inside is not read anew outside.
    """
    first = first.filter(~Exists(STOPPED)).select_for_update(skip_locked=True)
    return (
        Prompt.objects.filter(pk=Subquery(first.values("pk")[:1]))
        .annotate(
            newest_wording=newest_wording(OuterRef("enrolment__study"), OuterRef("kind")),
            refusals=Subquery(MailSender.objects.filter(pk=1).values("refusals")),
        )
        .select_related("enrolment__study", "enrolment__user", "enrolment__rhythm")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by()
    )


def _due() -> PromptQuerySet:
    return Prompt.objects.due(Given("now", DateTimeField()))


_NEXT_DUE = Reading("next_due", lambda: _locked(_due()))
_THIS_IF_DUE = Reading("this_if_due", lambda: _locked(_due().filter(pk=Given.of(Prompt, "pk"))))


@dataclass(frozen=True, kw_only=True)
class Step:
    """One due prompt, looked at. `letter` is set when it is now to be sent."""

    prompt: Prompt
    verdict: Verdict
    letter: Letter | None = None


class Taker:
    """Takes for one sender, during one run: for so long it keeps what it read and cannot change."""

    def __init__(self) -> None:
        self._writer = Writer()
        self._queue = Queue() if connection.vendor == "postgresql" else None
        self._in_hand: Step | None = None
        self._written: Letter | None = None
        self._written_at = datetime.min.replace(tzinfo=UTC)
        self._told: Outcome | None = None
        self._unsettled: Outcome | None = None

    def next_step(self, *, settling: Outcome | None, now: datetime) -> Step | None:
        """None when nothing is due, or the sender is stopped; `settling` is written in any case.

        If the database went away during the commit, call it again with the same: only this sender
        can know the row that it took, and goes on with it if that commit was made.
        """
        if settling is not self._told:
            self._told = self._unsettled = settling
        step = self._recovered()
        if step is None:
            step = self._strictly(now) if self._queue is None else self._ahead(self._queue, now)
        self._in_hand = None
        return step

    def _recovered(self) -> Step | None:
        """The row that we were taking when the database went away, if it is ours."""
        step = self._in_hand
        if step is None:
            return None
        if _was_taken(step.prompt):
            self._unsettled = None
            return step
        self._in_hand = None
        if self._queue is not None:
            self._queue.forget()
        return None

    def _ahead(self, queue: Queue, now: datetime) -> Step | None:
        """A mail that was not taken is settled by itself: it may be the next that is due."""
        if self._unsettled is not None and not self._unsettled.was_sent:
            self._settle()
        while (candidate := queue.next(now)) is not None:
            step = self._at_once(queue, candidate, now) or self._strictly(now, candidate.prompt)
            if step is not None:
                return step
            queue.pass_by(candidate.prompt)
        self._settle()
        return None

    def _settle(self) -> None:
        if self._unsettled is not None:
            settle_last(self._unsettled)
            self._unsettled = None

    def _at_once(self, queue: Queue, candidate: Candidate, now: datetime) -> Step | None:
        """None for what does not simply go, and for what was held, taken or written since: whatever
        it is, and whatever goes wrong, is for the strict way to say.
        """
        try:
            letter = self._written_for(candidate, now)
            with meanwhile(lambda: self._write_next(queue, now)):
                begun = letter is not None and self._begun_at_once(letter, now)
        except Exception as error:
            if is_away(error):
                raise
            name = type(error).__name__
            logger.warning("prompt %d could not be taken at once: %s", candidate.prompt.pk, name)
            begun = False
        step, self._in_hand = self._in_hand, None
        return step if begun else None

    def _written_for(self, candidate: Candidate, now: datetime) -> Letter | None:
        """Ahead, if that was for what was read last, and a moment ago by the clock of the plans."""
        letter, self._written = self._written, None
        is_fresh = self._written_at <= now <= self._written_at + _MOMENT
        if letter is not None and letter.prompt is candidate.prompt and is_fresh:
            return letter
        return self._letter(candidate, now)

    def _write_next(self, queue: Queue, now: datetime) -> None:
        """While the row before is being taken, which is for the disk to do."""
        if queue.following is None:
            return
        # At its own turn it is written anew, and what is wrong is said then.
        with suppress(Exception):
            self._written, self._written_at = self._letter(queue.following, now), now

    def _letter(self, candidate: Candidate, now: datetime) -> Letter | None:
        prompt = candidate.prompt
        decision = decisions.decide(facts.gather(prompt, now=now, mails=candidate.mails), now=now)
        if decision.verdict != Verdict.SEND or vars(prompt)["newest_wording"] is None:
            return None
        return self._writer.letter(prompt, decision, now)

    def _begun_at_once(self, letter: Letter, now: datetime) -> bool:
        self._in_hand = Step(prompt=letter.prompt, verdict=Verdict.SEND, letter=letter)
        before = self._unsettled
        settled, begun = at_once.begin(letter, before=before, now=now)
        if before is not None and not settled:
            logger.warning("came too late: prompt %d was settled meanwhile", before.prompt.pk)
        self._unsettled = None
        return begun

    def _strictly(self, now: datetime, this: Prompt | None = None) -> Step | None:
        """The next that is due, or this one if it is. One bad row must not stop the rest, nor be
        lost: it is tried again, until too late.
        """
        prompt: Prompt | None = None
        try:
            with transaction.atomic(durable=True):
                self._in_hand = None
                prompt = _settle_and_take(self._unsettled, this, now)
                step = self._step(prompt, now) if prompt is not None else None
                self._in_hand = step if step is not None and step.letter is not None else None
        except Exception as error:
            if prompt is None or is_away(error):
                # All of it is done again.
                raise
            # Its kind alone is logged: its own words may hold what is written to a person.
            name = type(error).__name__
            logger.error("prompt %d could not be written: %s", prompt.pk, name)  # noqa: TRY400
            step = _put_aside(prompt, self._unsettled, now)
        self._unsettled = None
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
        letter = self._writer.letter(prompt, decision, now)
        prompts.begin(prompt, wording=letter.wording, message_id=letter.message_id, now=now)
        return Step(prompt=prompt, verdict=Verdict.SEND, letter=letter)


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


def _settle_and_take(settling: Outcome | None, this: Prompt | None, now: datetime) -> Prompt | None:
    if settling is not None:
        outcomes.settle(settling)
    prompt = _NEXT_DUE.first(now=now) if this is None else _THIS_IF_DUE.first(now=now, pk=this.pk)
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
