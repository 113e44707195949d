"""What is due, read a slice at a time without a lock, so that two statements serve many mails.

Nothing is taken by reading: `scheduling.at_once` takes, and looks whether all is as it was read.
Several senders read the same queue. One that meets another goes to a place of its own in it.
"""

import random
import time
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet, Subquery

from scheduling import facts
from scheduling.at_once import STOPPED, newest_wording, person_version, row_version
from scheduling.facts import AT_ONCE, WeeklyMail
from scheduling.models import Prompt
from scheduling.prepared import Given, Reading

# How long what was read holds.
_SECONDS = 1.0
_PLACES = 8


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A due prompt with its person, and the weekly mails of that person, as read."""

    prompt: Prompt
    mails: list[WeeklyMail]


class Queue:
    """One sender's view of it, during one run."""

    def __init__(self) -> None:
        self._slice: deque[Candidate] = deque()
        self._until = 0.0
        self._place = 0
        self._passed: set[int] = set()

    def next(self, now: datetime) -> Candidate | None:
        """In due order, for a sender that is alone."""
        if not self._slice or time.monotonic() > self._until:
            self._until = time.monotonic() + _SECONDS
            self._slice = deque(self._read(now))
        return self._slice.popleft() if self._slice else None

    @property
    def following(self) -> Candidate | None:
        """The one after it, if that was read already."""
        return self._slice[0] if self._slice else None

    def forget(self) -> None:
        self._slice.clear()

    def pass_by(self, prompt: Prompt) -> None:
        """Another sender has it, or a change of plan. In this run it is not looked at again."""
        self._passed.add(prompt.pk)
        self.forget()
        self._place = random.randrange(_PLACES)  # noqa: S311 - no secret

    def _read(self, now: datetime) -> list[Candidate]:
        """In its place or, when nothing is there, in the first in which something is."""
        for place in (self._place, *range(_PLACES)):
            rows = self._rows(place, now)
            if rows:
                self._place = place
                mails = facts.light_mails_of([each.enrolment_id for each in rows])
                return [Candidate(prompt=each, mails=mails[each.enrolment_id]) for each in rows]
        return []

    def _rows(self, place: int, now: datetime) -> list[Prompt]:
        """One for each person: what becomes of it may change what is decided of the next. Who met
        another begins at the other end.
        """
        rows: dict[int, Prompt] = {}
        for each in _slice(place).all(now=now):
            if each.pk in self._passed:
                continue
            if each.enrolment_id in rows:
                break
            rows[each.enrolment_id] = each
        return list(rows.values())[:: -1 if self._passed else 1]


@cache
def _slice(place: int) -> Reading[Prompt]:
    return Reading(f"due_{place}", lambda: _due(place * AT_ONCE))


def _due(start: int) -> QuerySet[Prompt]:
    """They alone, and only then the people: joined to all that may be due, PostgreSQL prepares for
    as many people.
    """
    due = Prompt.objects.due(Given("now", DateTimeField())).filter(~Exists(STOPPED))
    return (
        Prompt.objects.filter(pk__in=Subquery(due.values("pk")[start : start + AT_ONCE]))
        .annotate(
            newest_wording=newest_wording(OuterRef("enrolment__study"), OuterRef("kind")),
            row_version=row_version(),
            person_version=person_version("enrolment__"),
        )
        .select_related("enrolment__study", "enrolment__user", "enrolment__rhythm")
        .order_by("next_attempt_at", "pk")
    )
