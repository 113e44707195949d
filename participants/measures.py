"""What is counted, as docs/definitions.md fixes it. Test people are never counted."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from courses.models import Module
from participants.agreeing_anew import is_asked_anew
from participants.models import Enrolment, Invitation, Session
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
    return enrolments.filter(~_is_short_of_weeks(), weeks_taken_part__gt=0)


def _is_short_of_weeks() -> Exists:
    """Of an enrolment. The weeks of an edition that people join are numbered from 1 without a gap
    (`courses.guards`), so that there is one whose number is higher than how many they took part in.
    """
    weeks = Module.objects.order_by().filter(edition=OuterRef("edition"))
    return Exists(weeks.filter(week__gt=OuterRef("weeks_taken_part")))


def lost(enrolments: EnrolmentQuerySet, *, days: int, now: datetime) -> EnrolmentQuerySet:
    """Neither withdrawn nor through with the training, no week ahead, and no use for `days` days.

    Who has not used it yet is counted from their last step of joining; who agreed elsewhere, from
    when they were entered. Nobody of whom nothing is recorded, since they are asked to agree anew:
    whether they use it is unknown.
    """
    since = now - timedelta(days=days)
    last = Coalesce("last_use_at", "day_chosen_at", "consented_at")
    silent = enrolments.current().alias(last=last).filter(last__lt=since)
    ahead = Session.objects.filter(enrolment=OuterRef("pk"), opens_at__gt=now)
    # These PostgreSQL joins, in parallel; what comes by itself, of the few that are left.
    left = silent.filter(_is_short_of_weeks(), ~Exists(ahead), ~Exists(_entered_since(since)))
    return enrolments.filter(~is_asked_anew(), pk__in=left.order_by().values("pk"))


def _entered_since(since: datetime) -> "QuerySet[Invitation]":
    """Of whom there is nothing later, and whose consent, on paper, lies before."""
    entered = Invitation.objects.filter(enrolment=OuterRef("pk"), joined_at__gte=since)
    return entered.filter(enrolment__last_use_at=None, enrolment__day_chosen_at=None)


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


def by_week(study: Study, *, now: datetime) -> list[Week]:
    """Counted by module, so that no week need be looked up for each of a great many sessions.

    Without those whose use was deleted on request: whether they used a week is unknown.
    """
    people = Q(enrolment__study=study, enrolment__is_test=False)
    people &= Q(enrolment__erasure_requested_at=None)
    rows = (
        Session.objects.filter(people, enrolment__consented_at__isnull=False)
        .order_by()
        .values("module")
        .annotate(
            open=Count("pk", filter=open_to(now)),
            opened=Count("first_opened_at"),
            took_part=Count("took_part_at"),
        )
    )
    by_module = {row.pop("module"): row for row in rows}
    found: dict[int, Counter[str]] = {}
    for module, week in Module.objects.filter(pk__in=by_module).values_list("pk", "week"):
        found.setdefault(week, Counter()).update(by_module[module])
    return [Week(number=week, **found[week]) for week in sorted(found)]


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


# How many people are in an arm (None: in none, or arms were not asked for), at a status and, of
# those who have withdrawn, at a level.
Steps = Counter[tuple[int | None, str, str]]


def steps(study: Study, *, by_arm: bool = False) -> Steps:
    """Of everybody, also those who have not agreed."""
    everyone = Enrolment.objects.filter(study=study, is_test=False).order_by()
    columns = ["status", "withdrawal", *(["arm"] if by_arm else [])]
    rows = everyone.values(*columns).annotate(people=Count("*"))
    return Steps(
        {(row.get("arm"), row["status"], row["withdrawal"]): row["people"] for row in rows}
    )


def summary(study: Study, *, at: Steps | None = None, completed: int | None = None) -> Summary:
    """The study's numbers now. Erasure changes none but `completed`. That, and how many are `at`
    each step, may be known already.
    """
    unmet = _screened(study)
    eligible = unmet.pop("", 0)
    by_status, by_level = Counter[str](), Counter[str]()
    for (_arm, status, level), count in (steps(study) if at is None else at).items():
        by_status[status] += count
        by_level[level] += count
    everyone = Enrolment.objects.filter(study=study, is_test=False)
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


def by_arm(enrolments: EnrolmentQuerySet, at: Steps) -> list[ArmSummary]:
    """By primary key; those in none last. Of people who agreed; `enrolments` are those that `at`
    counts.
    """
    people = Counter[tuple[int | None, str]]()
    for (arm, status, _level), count in at.items():
        people[arm, status] += count
    there = {arm for arm, status in people if status in _JOINED}
    through = completed_training(enrolments.joined().order_by())
    done = dict(through.values_list("arm").annotate(Count("pk")))
    return [
        ArmSummary(
            arm=arm,
            consented=sum(people[arm, status] for status in _JOINED),
            active=people[arm, Enrolment.Status.ACTIVE],
            withdrawn=people[arm, Enrolment.Status.WITHDRAWN],
            completed=done.get(arm, 0),
        )
        for arm in sorted(there, key=lambda arm: (arm is None, arm or 0))
    ]
