"""What is counted, as docs/definitions.md fixes it. Test people are never counted."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from participants.agreeing_anew import is_asked_anew
from participants.models import Enrolment, Session
from participants.models.enrolment import EnrolmentQuerySet
from studies.models import ScreeningTally, Study

_WEEKS = Session.objects.filter(enrolment=OuterRef("pk"))


def with_measures(sessions: "QuerySet[Session]") -> "QuerySet[Session]":
    """Each session with `opened` and `took_part` (bool), in the same query."""
    return sessions.annotate(
        opened=Q(first_opened_at__isnull=False),
        took_part=Q(took_part_at__isnull=False),
    )


def completed_training(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Those who took part in every week of their edition. A person's weeks are made all at once."""
    return enrolments.filter(Exists(_WEEKS), ~Exists(_WEEKS.filter(took_part_at__isnull=True)))


def lost(enrolments: EnrolmentQuerySet, *, days: int, now: datetime) -> EnrolmentQuerySet:
    """Neither withdrawn nor through with the training, no week ahead, and no use for `days` days.

    Who has not used it yet is counted from their last step of joining. Nobody of whom nothing is
    recorded, since they are asked to agree anew: whether they use it is unknown.
    """
    last = Coalesce("last_use_at", "day_chosen_at", "consented_at")
    silent = enrolments.current().alias(last=last).filter(last__lt=now - timedelta(days=days))
    return (
        silent.filter(~is_asked_anew())
        .alias(
            ahead=_number(Case(When(opens_at__gt=now, then=Value(1)))),
            left=_number(Case(When(took_part_at=None, then=Value(1)))),
            weeks=_number(F("pk")),
        )
        .filter(Q(left__gt=0) | Q(weeks=0), ahead=0)
    )


def _number(what: Any) -> Subquery:
    """How many of a person's weeks have it: looked for person by person, since few are silent, and
    from the index `session_progress` alone.
    """
    number = Func(what, function="COUNT", output_field=IntegerField())
    return Subquery(_WEEKS.order_by().annotate(number=number).values("number"))


@dataclass(frozen=True, kw_only=True)
class Week:
    """How many people's week `number` is open, was `opened`, was taken part in."""

    number: int
    open: int
    opened: int
    took_part: int


def open_to(now: datetime) -> Q:
    """Of sessions: open by then to their person, to whom none opens after they have withdrawn."""
    stayed = Q(enrolment__withdrawn_at=None) | Q(opens_at__lte=F("enrolment__withdrawn_at"))
    return Q(opens_at__lte=now) & stayed


def by_week(enrolments: EnrolmentQuerySet, *, now: datetime) -> list[Week]:
    rows = (
        Session.objects.filter(enrolment__in=enrolments)
        .order_by("module__week")
        .values(number=F("module__week"))
        .annotate(
            open=Count("pk", filter=open_to(now)),
            opened=Count("first_opened_at"),
            took_part=Count("took_part_at"),
        )
    )
    return [Week(**row) for row in rows]


def dose(session: Session) -> float:
    """Seconds of media played in a week, repeats included: practice is repetition."""
    total: float = session.plays.aggregate(total=Coalesce(Sum("seconds"), 0.0))["total"]
    return total


_JOINED = [Enrolment.Status.JOINING, Enrolment.Status.ACTIVE, Enrolment.Status.WITHDRAWN]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """assessed = excluded + eligible; consented = joining + active + the sum of `withdrawn`.
    `invited` and `unjoined` stand beside these: nobody among them has consented.

    `withdrawn` is by level. `completed` cuts across status, and holds nobody whose use was deleted.
    `unmet` is `excluded` by the key of the criterion that was not met.
    """

    assessed: int
    excluded: int
    eligible: int
    unmet: dict[str, int]
    invited: int
    unjoined: int
    consented: int
    joining: int
    active: int
    withdrawn: dict[str, int]
    completed: int


def summary(study: Study, *, completed: int | None = None) -> Summary:
    """The study's numbers now. Erasure changes none but `completed`, which may be known already."""
    unmet = _screened(study)
    eligible = unmet.pop("", 0)
    everyone = Enrolment.objects.filter(study=study, is_test=False)
    steps = everyone.order_by().values_list("status", "withdrawal").annotate(Count("pk"))
    by_status, by_level = Counter[str](), Counter[str]()
    for status, level, count in steps:
        by_status[status] += count
        by_level[level] += count
    return Summary(
        assessed=eligible + sum(unmet.values()),
        excluded=sum(unmet.values()),
        eligible=eligible,
        unmet=unmet,
        invited=by_status[Enrolment.Status.INVITED],
        unjoined=by_status[Enrolment.Status.UNJOINED],
        consented=sum(by_status[status] for status in _JOINED),
        joining=by_status[Enrolment.Status.JOINING],
        active=by_status[Enrolment.Status.ACTIVE],
        withdrawn={level: by_level[level] for level in Enrolment.Withdrawal.values},
        completed=completed_training(everyone.joined()).count() if completed is None else completed,
    )


def _screened(study: Study) -> dict[str, int]:
    """Screenings by the criterion that was not met; "" where all were."""
    tallies = ScreeningTally.objects.filter(study=study).order_by()
    return dict(tallies.values_list("unmet").annotate(Sum("count")).order_by("unmet"))


@dataclass(frozen=True, kw_only=True)
class ArmSummary:
    """Of those put into one arm, or into none yet (`arm` None); in the words of `Summary`."""

    arm: int | None
    consented: int
    active: int
    withdrawn: int
    completed: int


def by_arm(enrolments: EnrolmentQuerySet) -> list[ArmSummary]:
    """By primary key; those in none last. Of people who agreed."""
    people = enrolments.joined().order_by()
    steps = Counter[tuple[int | None, str]]()
    for arm, status, count in people.values_list("arm", "status").annotate(Count("pk")):
        steps[arm, status] += count
    done = dict(completed_training(people).values_list("arm").annotate(Count("pk")))
    return [
        ArmSummary(
            arm=arm,
            consented=sum(steps[arm, status] for status in _JOINED),
            active=steps[arm, Enrolment.Status.ACTIVE],
            withdrawn=steps[arm, Enrolment.Status.WITHDRAWN],
            completed=done.get(arm, 0),
        )
        for arm in sorted({arm for arm, _status in steps}, key=lambda arm: (arm is None, arm or 0))
    ]
