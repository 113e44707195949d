"""What would change, before anything is saved."""

from datetime import date, datetime, time

from courses.models import Edition
from participants.models import Enrolment
from scheduling import plan as plans
from scheduling.plan import Beat, Plan
from scheduling.services import moving


def of_choosing(
    *, edition: Edition, weekday: int, local_time: time, zone: str, now: datetime
) -> Plan:
    beat = Beat(weekday=weekday, local_time=local_time, zone=zone)
    return plans.of_modules(list(edition.modules.order_by("week")), beat, now=now)


def of_changing_day(
    *, enrolment: Enrolment, weekday: int, local_time: time, zone: str, now: datetime
) -> Plan:
    beat = Beat(weekday=weekday, local_time=local_time, zone=zone)
    ahead = moving.ahead_of(enrolment, now=now)
    return moving.changed_day(ahead, beat, now=now, not_before=ahead.paused_until)


def of_another_week(*, enrolment: Enrolment, now: datetime) -> Plan:
    return moving.another_week_on(moving.ahead_of(enrolment, now=now))


def of_pausing(*, enrolment: Enrolment, until: date, now: datetime) -> Plan:
    ahead = moving.ahead_of(enrolment)
    return moving.changed_day(ahead, ahead.beat, now=now, not_before=until)
