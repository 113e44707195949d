"""Who would be written to at a moment, and why the others would not. Changes nothing."""

from collections.abc import Iterator
from datetime import datetime

from scheduling import decisions, facts
from scheduling.decisions import Decision, Verdict
from scheduling.instants import needs_instants
from scheduling.models import Prompt


@needs_instants
def lines(*, at: datetime) -> Iterator[str]:
    """One a due prompt, by code: never an address."""
    due = Prompt.objects.due(at).select_related(
        "enrolment__study", "enrolment__user", "enrolment__rhythm"
    )
    for prompt in due:
        decision = decisions.decide(facts.gather(prompt, now=at), now=at)
        yield (
            f"{prompt.due_at:%Y-%m-%dT%H:%MZ}  {prompt.enrolment.code}  "
            f"{prompt.kind} {prompt.occurrence}  {_said(decision)}"
        )


def _said(decision: Decision) -> str:
    words = {
        Verdict.SEND: "would be sent",
        Verdict.SKIP: "not needed",
        Verdict.MISS: "too late",
        Verdict.MOVE: "would move",
        Verdict.REPLAN: "would move, there is a pause",
    }[decision.verdict]
    return f"{words}: {decision.reason.label}" if decision.reason else words
