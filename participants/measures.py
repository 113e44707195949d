"""What is counted, as docs/definitions.md fixes it. Test people are never counted."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from participants.models import Engagement, Enrolment, Play, PracticeLog, Session
from participants.models.enrolment import EnrolmentQuerySet
from studies.models import ScreeningTally, Study

# Opening a week is looking at it, not yet taking part in it.
_FORMATS = [kind for kind in Engagement.Kind.values if kind != Engagement.Kind.OPENED]


def with_measures(sessions: "QuerySet[Session]") -> "QuerySet[Session]":
    """Each session with `opened` and `took_part` (bool), in the same query."""
    return sessions.annotate(
        opened=Q(first_opened_at__isnull=False),
        took_part=_took_part(),
    )


def _took_part() -> Q:
    """Any one format, practice, or their own word that the week is done."""
    this = {"session": OuterRef("pk")}
    return (
        Q(finished_at__isnull=False)
        | Q(Exists(Play.objects.filter(**this)))
        | Q(Exists(Engagement.objects.filter(**this, kind__in=_FORMATS)))
        | Q(Exists(PracticeLog.objects.filter(**this)))
    )


def completed_training(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Those who took part in every week of their edition."""
    not_taken = Session.objects.filter(enrolment=OuterRef("pk")).exclude(_took_part())
    return enrolments.alias(
        weeks_had=Count("sessions", distinct=True),
        weeks_there=Count("edition__modules", distinct=True),
    ).filter(~Exists(not_taken), weeks_had=F("weeks_there"), weeks_there__gt=0)


def last_use(enrolment: Enrolment) -> datetime | None:
    """When they last did anything in a week: non-use is counted from here. None: never."""
    moments = enrolment.sessions.aggregate(
        opened=Max("first_opened_at"),
        finished=Max("finished_at"),
        played=Max("plays__started_at"),
        engaged=Max("engagements__at"),
        practised=Max("practice__noted_at"),
    )
    return max(filter(None, moments.values()), default=None)


def dose(session: Session) -> float:
    """Seconds of media played in a week, repeats included: practice is repetition."""
    total: float = session.plays.aggregate(total=Coalesce(Sum("seconds"), 0.0))["total"]
    return total


@dataclass(frozen=True, kw_only=True)
class Summary:
    """assessed = excluded + eligible; consented = joining + active + the sum of `withdrawn`.

    `withdrawn` is by level. `completed` cuts across status, and holds nobody whose use was deleted.
    """

    assessed: int
    excluded: int
    eligible: int
    consented: int
    joining: int
    active: int
    withdrawn: dict[str, int]
    completed: int


def summary(study: Study) -> Summary:
    """The study's numbers now. Erasure changes none but `completed`."""
    screened = _screened(study)
    enrolments = Enrolment.objects.counted().filter(study=study)
    by_status = _tally(enrolments, "status")
    by_level = _tally(enrolments, "withdrawal")
    return Summary(
        assessed=screened["excluded"] + screened["eligible"],
        **screened,
        consented=sum(by_status.values()),
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
