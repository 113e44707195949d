"""The mails of this week, from Monday to Sunday by the study's calendar."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from monitoring.people.outcomes import Outcome, by_itself, may_not_go, outcome
from participants.models import Enrolment
from scheduling import timetable
from scheduling.models import Kind, Prompt
from scheduling.models.prompt import PromptQuerySet
from studies.models import Study


@dataclass(frozen=True, kw_only=True)
class Mails:
    """How many of one kind, by what became of them."""

    kind: Kind
    by_outcome: dict[Outcome, int]


def first_day(study: Study, now: datetime) -> date:
    today = timetable.local(now, timetable.known_or_utc(study.default_zone)).date()
    return today - timedelta(days=today.weekday())


def mails(study: Study, now: datetime) -> PromptQuerySet:
    """Of test people too."""
    return by_the_calendar_of(study, now).filter(enrolment__study=study)


def by_the_calendar_of(study: Study, now: datetime) -> PromptQuerySet:
    """Whosever they are: for where it is known that they are people of that study."""
    zone, monday = timetable.known_or_utc(study.default_zone), first_day(study, now)
    begins = timetable.instant(monday, time(), zone)
    ends = timetable.instant(monday + timetable.WEEK, time(), zone)
    return Prompt.objects.order_by().filter(due_at__gte=begins, due_at__lt=ends)


def counted(study: Study, now: datetime) -> list[Mails]:
    """By kind, those that there are; without test people.

    All are counted by their own rows, which an index answers; taken off are those to people who do
    not count, and counted once more those few planned ones that will not go.
    """
    rows = by_the_calendar_of(study, now)
    counts = _by_themselves(rows) - _by_themselves(
        rows.filter(~Q(enrolment__study=study) | Q(enrolment__is_test=True))
    )
    ours = mails(study, now).filter(enrolment__is_test=False)
    few = may_not_go(study, now, ours).annotate(outcome=outcome(study, now))
    for kind, what, number in few.values_list("kind", "outcome").annotate(Count("pk")):
        counts[kind, Outcome.PLANNED] -= number
        counts[kind, what] += number
    there = {kind for kind, _what in counts}
    return [
        Mails(kind=kind, by_outcome={what: counts[kind, what] for what in Outcome})
        for kind in Kind
        if kind in there
    ]


def to_people_of(study: Study, rows: PromptQuerySet) -> PromptQuerySet:
    """Without test people. Only those people are looked at who do not count: they are fewer."""
    others = Enrolment.objects.filter(~Q(study=study) | Q(is_test=True), pk=OuterRef("enrolment"))
    return rows.filter(~Exists(others))


def _by_themselves(rows: PromptQuerySet) -> Counter[tuple[str, str]]:
    counts = Counter[tuple[str, str]]()
    for kind, state, reason, came_back, number in _grouped(rows):
        counts[kind, by_itself(state, reason, came_back=came_back)] += number
    return counts


def _grouped(rows: PromptQuerySet) -> "QuerySet[Any, Any]":
    came_back = ExpressionWrapper(Q(bounced_at__isnull=False), output_field=BooleanField())
    return rows.values_list("kind", "state", "reason", came_back).annotate(number=Count("*"))
