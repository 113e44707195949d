"""Who would be written to by a moment, and why the others would not. Changes nothing.

Each prompt is looked at as it would be in its turn: of a moment ahead, as if every mail before it
had gone when it is due, and nobody had done anything until then. A reminder that moves is followed
to its new day.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from scheduling import decisions, facts, mail, timetable
from scheduling.decisions import Decision, Verdict
from scheduling.instants import needs_instants
from scheduling.models import MailSender, Prompt, Wording
from scheduling.values import Editions
from scheduling.wordings import default_words

_AT_ONCE = 500
_BECOMES = {
    Verdict.SEND: Prompt.State.SENT,
    Verdict.SKIP: Prompt.State.SKIPPED,
    Verdict.MISS: Prompt.State.MISSED,
}
_WORDS = {
    Verdict.SEND: "would be sent",
    Verdict.SKIP: "not needed",
    Verdict.MISS: "too late",
    Verdict.MOVE: "would move",
    Verdict.REPLAN: "would move, there is a pause",
}
_UNWRITTEN = "cannot be written"
_COUNTED = {
    "would be sent": [_WORDS[Verdict.SEND]],
    "not needed": [_WORDS[Verdict.SKIP]],
    "too late": [_WORDS[Verdict.MISS]],
    "would move": [_WORDS[Verdict.MOVE], _WORDS[Verdict.REPLAN]],
    _UNWRITTEN: [_UNWRITTEN],
}


@needs_instants
def lines(*, at: datetime, now: datetime) -> Iterator[str]:
    """One a due prompt, by code: never an address. The first and last lines sum it up.

    However many are due, 500 are held at a time.
    """
    return _lines(_Rehearsal(at, now))


class _Rehearsal:
    def __init__(self, at: datetime, now: datetime) -> None:
        self.at, self.now = at, now
        self.counts: Counter[str] = Counter()
        self._editions = Editions()
        self._wordings: dict[tuple[int, str], Wording] = {}

    def look_at(self, prompt: Prompt, mails: list[Prompt]) -> str:
        """What would become of it, in words, and why. Its kind of fault alone is told: a fault's
        own words may hold what is written to a person.
        """
        try:
            said, reason = self._looked_at(prompt, mails)
        except Exception as error:  # noqa: BLE001 - whatever it is, this one could not be sent
            said, reason = _UNWRITTEN, type(error).__name__
        self.counts[said] += 1
        return f"{said}: {reason}" if reason else said

    def _looked_at(self, prompt: Prompt, mails: list[Prompt]) -> tuple[str, str]:
        self._go_through(prompt, mails)
        decision = self._decide(prompt, mails, until=self.at)
        if decision.verdict == Verdict.SEND:
            mail.letter_for(
                prompt,
                self._wording_for(prompt),
                notes=decision.notes,
                editions=self._editions,
                now=self._turn_of(prompt),
            )
        reason = str(decision.reason.label) if decision.reason else ""
        return _WORDS[decision.verdict], reason

    def _go_through(self, prompt: Prompt, mails: list[Prompt]) -> None:
        """What is due before it is done with by then; in memory alone."""
        before = [
            each
            for each in mails
            if each.state == Prompt.State.PLANNED and each.next_attempt_at < prompt.next_attempt_at
        ]
        for each in sorted(before, key=lambda row: (row.next_attempt_at, row.pk)):
            each.enrolment = prompt.enrolment
            verdict = self._decide(each, mails, until=prompt.next_attempt_at).verdict
            if verdict in _BECOMES:
                each.state = _BECOMES[verdict]
            if verdict == Verdict.SEND:
                each.sent_at = self._turn_of(each)

    def _decide(self, prompt: Prompt, mails: list[Prompt], *, until: datetime) -> Decision:
        """Anew on the day to which it moves, if that is by `until` too; moved in memory alone."""
        turn = self._turn_of(prompt)
        decision = decisions.decide(facts.gather(prompt, now=turn, mails=mails), now=turn)
        if decision.to is None:
            return decision
        due_at = timetable.instant(decision.to, prompt.local_time, prompt.zone)
        if due_at > until:
            return decision
        prompt.local_date, prompt.due_at, prompt.next_attempt_at = decision.to, due_at, due_at
        return self._decide(prompt, mails, until=until)

    def _turn_of(self, prompt: Prompt) -> datetime:
        return min(self.at, max(self.now, prompt.next_attempt_at))

    def _wording_for(self, prompt: Prompt) -> Wording:
        """The newest; where a study has none, the words that it would be given."""
        key = (prompt.enrolment.study_id, prompt.kind)
        if key not in self._wordings:
            newest = Wording.objects.filter(study_id=key[0], kind=key[1]).order_by("version").last()
            self._wordings[key] = newest or Wording(kind=key[1], **default_words(key[1]))
        return self._wordings[key]


def _lines(rehearsal: _Rehearsal) -> Iterator[str]:
    yield from _before(rehearsal)
    due = Prompt.objects.due(rehearsal.at).select_related(
        "enrolment__study", "enrolment__user", "enrolment__rhythm"
    )
    prompts = due.iterator(chunk_size=_AT_ONCE)
    while some := list(islice(prompts, _AT_ONCE)):
        mails = facts.weekly_mails_of({each.enrolment_id for each in some})
        for prompt in some:
            said = rehearsal.look_at(prompt, mails[prompt.enrolment_id])
            yield (
                f"{prompt.due_at:%Y-%m-%dT%H:%MZ}  {prompt.enrolment.code}  "
                f"{prompt.kind} {prompt.occurrence}  {said}"
            )
    yield _summed_up(rehearsal.counts)


def _before(rehearsal: _Rehearsal) -> Iterator[str]:
    if rehearsal.at > rehearsal.now:
        yield f"Until {rehearsal.at:%Y-%m-%dT%H:%M%z}, if every mail goes when it is due:"
    stopped = MailSender.objects.filter(pk=1, stopped_at__isnull=False).first()
    if stopped is not None:
        yield (
            f"The sender is stopped since {stopped.stopped_at:%Y-%m-%dT%H:%MZ} ({stopped.reason}): "
            "nothing goes before it stands again."
        )


def _summed_up(counts: Counter[str]) -> str:
    sums = {words: sum(counts[each] for each in said) for words, said in _COUNTED.items()}
    return ", ".join(f"{count} {words}" for words, count in sums.items())
