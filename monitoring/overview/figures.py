"""What the overview counts. Test people are in none of it.

Nothing here reads what was played, read or practised: a week says itself whether it was opened and
taken part in, so the size of that history does not matter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from monitoring.people.narrowing import LOST_DAYS, attention
from participants import measures
from participants.measures import Summary, Week
from participants.models import Enrolment
from participants.models.enrolment import EnrolmentQuerySet
from scheduling import timetable
from scheduling.models import Kind, Prompt
from scheduling.models.prompt import PromptQuerySet
from scheduling.watch import LATE
from studies.models import Study

State = Prompt.State
_HELD_BACK = "held back"  # beside the states
_IS_HELD_BACK = ExpressionWrapper(Q(reason__in=Prompt.HELD_BACK), output_field=BooleanField())


@dataclass(frozen=True, kw_only=True)
class Mails:
    """Of one kind, by what became of them. Each is in one of these."""

    kind: Kind
    planned: int = 0
    sent: int = 0
    failed: int = 0
    unconfirmed: int = 0
    too_late: int = 0
    held_back: int = 0
    not_needed: int = 0


@dataclass(frozen=True, kw_only=True)
class Figures:
    """`needs` counts people by what they may be in need of, as the list names it."""

    summary: Summary
    lost: int
    lost_days: int
    weeks: list[Week]
    mails: list[Mails]
    first_day: date
    last_day: date
    due_not_sent: int
    needs: dict[str, int] = field(default_factory=dict)

    @property
    def needs_anybody(self) -> bool:
        return bool(self.due_not_sent or any(self.needs.values()))


def figures(study: Study, *, now: datetime) -> Figures:
    counted = Enrolment.objects.counted().filter(study=study)
    zone = timetable.known_or_utc(study.default_zone)
    today = timetable.local(now, zone).date()
    monday = today - timedelta(days=today.weekday())
    return Figures(
        summary=measures.summary(study),
        lost=measures.lost(counted, days=LOST_DAYS, now=now).count(),
        lost_days=LOST_DAYS,
        weeks=measures.by_week(counted, now=now),
        mails=_mails(study, monday, zone),
        first_day=monday,
        last_day=monday + timedelta(days=6),
        due_not_sent=_due_not_sent(study, now),
        needs=_needs(study),
    )


def _mails(study: Study, monday: date, zone: str) -> list[Mails]:
    """Those due in the seven days from `monday`, by the study's calendar."""
    begins = timetable.instant(monday, time(), zone)
    ends = timetable.instant(monday + timetable.WEEK, time(), zone)
    rows = (
        _to_people_of(study)
        .filter(due_at__gte=begins, due_at__lt=ends)
        .order_by()
        .values_list("kind", "state", _IS_HELD_BACK)
        .annotate(Count("pk"))
    )
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, state, is_held_back, count in rows:
        passed_by = state == State.SKIPPED and is_held_back
        by_kind[kind][_HELD_BACK if passed_by else state] += count
    return [_of_a_kind(kind, by_kind[kind]) for kind in Kind if kind in by_kind]


def _of_a_kind(kind: Kind, by_state: Counter[str]) -> Mails:
    def together(states: Iterable[str]) -> int:
        return sum(by_state[state] for state in states)

    return Mails(
        kind=kind,
        planned=together([State.PLANNED, State.SENDING]),
        sent=together([State.SENT]),
        failed=together([State.FAILED]),
        unconfirmed=together([State.UNCONFIRMED]),
        too_late=together([State.MISSED]),
        held_back=together([_HELD_BACK]),
        not_needed=together([State.SKIPPED, State.CANCELLED]),
    )


def _to_people_of(study: Study) -> PromptQuerySet:
    return Prompt.objects.filter(enrolment__study=study, enrolment__is_test=False)


def _due_not_sent(study: Study, now: datetime) -> int:
    """Due five minutes ago, and never tried: what turns the strip red, of this study alone."""
    rows = _to_people_of(study) & Prompt.objects.never_attempted()
    return rows.filter(next_attempt_at__lte=now, due_at__lt=now - LATE).count()


def _needs(study: Study) -> dict[str, int]:
    """Each by itself: a few people are found by an index, of which one sum over all has no use."""
    people: EnrolmentQuerySet = Enrolment.objects.filter(study=study, is_test=False)
    asked = attention()
    return {
        name.replace("-", "_"): people.filter(asked[name]).count()
        for name in ("unconfirmed", "not-sent", "address")
    }
