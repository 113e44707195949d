"""What would change, before anything is saved."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Max, Min

from courses.models import Edition
from participants.models import Enrolment
from scheduling import plan as plans
from scheduling.instants import needs_instants
from scheduling.models import Prompt, Wording
from scheduling.plan import Beat, Change, Plan
from scheduling.services import after
from scheduling.services.ahead import KINDS, ahead_of
from studies.models import Study


@needs_instants
def of_choosing(
    *, edition: Edition, weekday: int, local_time: time, zone: str, now: datetime
) -> Plan:
    beat = Beat(weekday=weekday, local_time=local_time, zone=zone)
    return plans.of_modules(list(edition.modules.order_by("week")), beat, now=now)


@needs_instants
def of_changing_day(
    *, enrolment: Enrolment, weekday: int, local_time: time, zone: str, now: datetime
) -> Change:
    beat = Beat(weekday=weekday, local_time=local_time, zone=zone)
    return after.after_changing_day(ahead_of(enrolment, now=now), beat, now=now)


@needs_instants
def of_another_week(*, enrolment: Enrolment, now: datetime) -> Change:
    return after.after_another_week(ahead_of(enrolment, now=now))


@needs_instants
def of_pausing(*, enrolment: Enrolment, until: date, now: datetime) -> Change:
    ahead = ahead_of(enrolment, now=now, also_due=True)
    return after.after_pausing(ahead, until, now=now)


@needs_instants
def of_resuming(*, enrolment: Enrolment, now: datetime) -> Change:
    return after.after_resuming(ahead_of(enrolment, now=now), now=now)


def anything_ahead(*, enrolment: Enrolment) -> bool:
    """Whether a week, a reminder or the last mail is planned, which a pause could keep back."""
    ahead_kinds = Prompt.objects.planned().filter(kind__in=KINDS, copy=0)
    return ahead_kinds.filter(enrolment=enrolment).exists()


@dataclass(frozen=True, kw_only=True)
class Use:
    """What new words would be used for: as which `version`, how many `unsent` mails, and when the
    next of these goes (UTC).
    """

    version: int
    unsent: int
    next_at: datetime | None


def of_wording(*, study: Study, kind: str) -> Use:
    """A study without words of its own starts with version 1, so that new ones are the second."""
    written = Wording.objects.filter(study=study, kind=kind).aggregate(newest=Max("version"))
    unsent = Prompt.objects.planned().filter(enrolment__study=study, kind=kind)
    counted = unsent.aggregate(count=Count("pk"), soonest=Min("next_attempt_at"))
    return Use(
        version=(written["newest"] or 1) + 1,
        unsent=counted["count"],
        next_at=counted["soonest"],
    )
