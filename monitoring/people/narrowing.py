"""A list of people, narrowed by one thing. Values are those that `filters` offers."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from monitoring.people import mails, this_week
from monitoring.people.outcomes import Outcome, became, of_person
from participants import agreeing_anew, measures
from participants.models import Enrolment, Session
from participants.models.enrolment import EnrolmentQuerySet
from scheduling import timetable
from studies.models import Study

People = EnrolmentQuerySet
Status = Enrolment.Status

# “Lost” is worked out with the days stated (docs/definitions.md).
LOST_DAYS = 28
NO_ARM = "(none)"  # which no key can be
WITHOUT, WITH, ONLY = "without", "with", "only"


def by_status(people: People, value: str, *, study: Study, now: datetime) -> People:
    """Whether a break is on is asked of the study's calendar, of which a person's own may be a day
    ahead or behind.
    """
    if value == "completed":
        return measures.completed_training(people)
    if value == "lost":
        return measures.lost(people, days=LOST_DAYS, now=now)
    if value == "anew":
        return agreeing_anew.asked_anew(people)
    if value == "paused":
        today = timetable.local(now, timetable.known_or_utc(study.default_zone)).date()
        return people.filter(status=Status.ACTIVE, rhythm__paused_until__gt=today)
    if value == "mail-off":
        return people.filter(status=Status.ACTIVE, rhythm__mail_off_since__isnull=False)
    status, _dash, level = value.partition("-")
    return people.filter(status=status, **({"withdrawal": level} if level else {}))


def by_need(people: People, value: str) -> People:
    return people.filter(attention()[value])


def attention() -> dict[str, Q]:
    """What somebody may be in need of, by its value in the address."""
    each = {
        "unconfirmed": mails.needs(mails.unconfirmed()),
        "not-sent": mails.needs(mails.not_sent()),
        "address": mails.comes_back(),
    }
    return {"any": each["unconfirmed"] | each["not-sent"] | each["address"], **each}


def by_week(people: People, value: str, *, now: datetime) -> People:
    """Of whom so many weeks are open, as they open in their order; of those who take part.

    Found in one pass over all weeks: looked for person by person it can take very long.
    """
    weeks = Session.objects.filter(opens_at__lte=now).order_by().values("enrolment")
    reached = weeks.annotate(number=Count("*")).filter(number=int(value))
    return people.filter(pk__in=reached.values("enrolment"), status=Status.ACTIVE)


def by_weekday(people: People, value: str) -> People:
    return people.filter(rhythm__weekday=int(value), status=Status.ACTIVE)


def by_mail(people: People, chosen: Mapping[str, str], *, study: Study, now: datetime) -> People:
    """Those with a mail of this week of this kind that became this, where these are said; `people`
    are of that study, and of `outcomes.with_changed`.
    """
    rows = this_week.by_the_calendar_of(study, now).filter(enrolment=OuterRef("pk"))
    if kind := chosen.get("mail"):
        rows = rows.filter(kind=kind)
    if what := chosen.get("became"):
        rows = rows.filter(became(study, now, Outcome(what), of_person))
    return people.filter(Exists(rows))


def by_arm(people: People, value: str) -> People:
    return people.filter(arm=None) if value == NO_ARM else people.filter(arm__key=value)


def by_source(people: People, value: str) -> People:
    return people.filter(source=value)


def by_being_a_test(people: People, value: str) -> People:
    return people if value == WITH else people.filter(is_test=value == ONLY)
