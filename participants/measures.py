"""What is counted, as docs/definitions.md fixes it. Test people are never counted."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from participants.models import Enrolment, Session
from participants.models.enrolment import EnrolmentQuerySet
from studies.models import ScreeningTally, Study


def with_measures(sessions: "QuerySet[Session]") -> "QuerySet[Session]":
    """Each session with `opened` and `took_part` (bool), in the same query."""
    return sessions.annotate(
        opened=Q(first_opened_at__isnull=False),
        took_part=Q(took_part_at__isnull=False),
    )


def completed_training(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Those who took part in every week of their edition."""
    not_taken = Session.objects.filter(enrolment=OuterRef("pk"), took_part_at__isnull=True)
    return enrolments.alias(
        weeks_had=Count("sessions", distinct=True),
        weeks_there=Count("edition__modules", distinct=True),
    ).filter(~Exists(not_taken), weeks_had=F("weeks_there"), weeks_there__gt=0)


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
    """

    assessed: int
    excluded: int
    eligible: int
    invited: int
    unjoined: int
    consented: int
    joining: int
    active: int
    withdrawn: dict[str, int]
    completed: int


def summary(study: Study) -> Summary:
    """The study's numbers now. Erasure changes none but `completed`."""
    screened = _screened(study)
    everyone = Enrolment.objects.filter(study=study, is_test=False)
    enrolments = everyone.joined()
    by_status = _tally(everyone, "status")
    by_level = _tally(enrolments, "withdrawal")
    return Summary(
        assessed=screened["excluded"] + screened["eligible"],
        **screened,
        invited=by_status.get(Enrolment.Status.INVITED, 0),
        unjoined=by_status.get(Enrolment.Status.UNJOINED, 0),
        consented=sum(by_status.get(status, 0) for status in _JOINED),
        joining=by_status.get(Enrolment.Status.JOINING, 0),
        active=by_status.get(Enrolment.Status.ACTIVE, 0),
        withdrawn={level: by_level.get(level, 0) for level in Enrolment.Withdrawal.values},
        completed=completed_training(enrolments).count(),
    )


def _screened(study: Study) -> dict[str, int]:
    met = Q(unmet="")
    return ScreeningTally.objects.filter(study=study).aggregate(
        eligible=Coalesce(Sum("count", filter=met), 0),
        excluded=Coalesce(Sum("count", filter=~met), 0),
    )


def _tally(enrolments: EnrolmentQuerySet, column: str) -> dict[str, int]:
    rows = enrolments.order_by().values_list(column).annotate(Count("pk"))
    return dict(rows)
