"""What would change, before anything is saved."""

from datetime import date, datetime, time

from courses.models import Edition
from participants.models import Enrolment
from scheduling import plan as plans
from scheduling.instants import needs_instants
from scheduling.models import Prompt
from scheduling.plan import Beat, Change, Plan
from scheduling.services import ahead


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
    return ahead.after_changing_day(ahead.ahead_of(enrolment, now=now), beat, now=now)


@needs_instants
def of_another_week(*, enrolment: Enrolment, now: datetime) -> Change:
    return ahead.after_another_week(ahead.ahead_of(enrolment, now=now))


@needs_instants
def of_pausing(*, enrolment: Enrolment, until: date, now: datetime) -> Change:
    return ahead.after_pausing(ahead.ahead_of(enrolment), until, now=now)


@needs_instants
def of_resuming(*, enrolment: Enrolment, now: datetime) -> Change:
    return ahead.after_resuming(ahead.ahead_of(enrolment, now=now), now=now)


def anything_ahead(*, enrolment: Enrolment) -> bool:
    """Whether a week, a reminder or the last mail is planned, which a pause could keep back."""
    ahead_kinds = Prompt.objects.planned().filter(kind__in=ahead.KINDS, copy=0)
    return ahead_kinds.filter(enrolment=enrolment).exists()
