"""Marking as missed what is too late to send, also while the sender is stopped and nobody takes it.

After a long outage there may be tens of thousands, and many that are decided otherwise stand among
them. So it is a walk through all of them in the order of the queue, a batch in a transaction and
some seconds in a tick; where it ends is written down, and the next tick goes on from there.
"""

from datetime import datetime
from functools import partial
from time import monotonic

from django.db import transaction
from django.db.models import Q

from scheduling import decisions, facts, lateness, prompts
from scheduling.decisions import Verdict
from scheduling.models import Bookmark, Prompt
from scheduling.models.prompt import PromptQuerySet
from scheduling.safely import safely

_WALK = "missed"
# Locked together, for less than a second; whoever changes one person's plan waits for no more.
_BATCH = 100
_SECONDS = 2.0


def mark_missed(*, now: datetime) -> int:
    """How many were. Ends at the last row, or with the batch in which its time is over."""
    until = monotonic() + _SECONDS
    missed, is_over = 0, False
    while not is_over:
        found, is_last = _look_at_some(now)
        missed += found
        is_over = is_last or monotonic() >= until
    return missed


@transaction.atomic
def _look_at_some(now: datetime) -> tuple[int, bool]:
    """How many of the next batch are missed now, and whether it was the last one.

    Rows that someone else holds are passed by: the next walk comes to them.
    """
    rows = list(_ahead(now)[:_BATCH])
    missed = sum(safely(f"looking at prompt {row.pk}", partial(_look_at, row, now)) for row in rows)
    is_last = len(rows) < _BATCH
    if is_last:
        Bookmark.objects.filter(pk=_WALK).delete()
    else:
        # Where the last row stood; being missed does not change that.
        place = {"next_attempt_at": rows[-1].next_attempt_at, "prompt_id": rows[-1].pk}
        Bookmark.objects.update_or_create(name=_WALK, defaults=place)
    return missed, is_last


def _ahead(now: datetime) -> PromptQuerySet:
    """Nothing is too late sooner than a reminder."""
    rows = Prompt.objects.due(now).filter(due_at__lt=now - lateness.REMINDER)
    mark = Bookmark.objects.filter(pk=_WALK).first()
    if mark is not None:
        at = mark.next_attempt_at
        # The first condition says nothing new; it lets the index of due prompts begin there.
        rows = rows.filter(next_attempt_at__gte=at).filter(
            Q(next_attempt_at__gt=at) | Q(pk__gt=mark.prompt_id)
        )
    return rows.select_related(
        "enrolment__study", "enrolment__user", "enrolment__rhythm"
    ).select_for_update(of=("self",), skip_locked=True)


def _look_at(prompt: Prompt, now: datetime) -> bool:
    """Written in a savepoint of its own: a row that is refused undoes none of the others."""
    if decisions.decide(facts.gather(prompt, now=now), now=now).verdict != Verdict.MISS:
        return False
    with transaction.atomic():
        prompts.miss(prompt, now=now)
    return True
