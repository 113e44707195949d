"""The lines of the list. No column that says who somebody is, is read here.

Of the account there is one question: whether mail to its address comes back.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.models import Module
from monitoring.access import Rights
from monitoring.people import mails
from monitoring.people.mails import Mail, mail_of
from monitoring.people.order import weeks_open
from participants.agreeing_anew import asked_anew
from participants.models import Enrolment, User
from scheduling import timetable
from scheduling.models import Prompt, Rhythm
from studies.models import Study

_READ = (
    *("code", "is_test", "status", "withdrawal", "erased_at", "last_use_at", "consented_at"),
    *("withdrawn_at", "erasure_requested_at", "weeks_opened", "weeks_taken_part"),
    *("rhythm__paused_until", "rhythm__mail_off_since", "rhythm__zone"),
)
_FAILS = User.objects.filter(pk=OuterRef("user"), address_failed_at__isnull=False)
_COMPLAINTS = Prompt.objects.filter(enrolment=OuterRef("pk"), complained_at__isnull=False)


@dataclass(frozen=True, kw_only=True)
class Person:
    """One line of the list. `opened` and `took_part` count weeks out of `weeks`; `week` is the
    newest that is open, 0 before the first.

    `paused_until` and `mail_is_off` are None and False for those without a plan. `called_it_spam`:
    ever, of one of our mails. `is_asked_anew`: to agree to a newer version, so that nothing is
    recorded of them now. `arm` is "" for who may not see it.
    """

    enrolment: Enrolment
    arm: str
    paused_until: date | None
    mail_is_off: bool
    mail_comes_back: bool
    called_it_spam: bool
    is_asked_anew: bool
    next_mail: Mail | None
    latest: Mail | None
    week: int
    opened: int
    took_part: int
    weeks: int

    @property
    def has_finished(self) -> bool:
        return 0 < self.weeks == self.took_part

    @property
    def use_was_deleted(self) -> bool:
        return self.enrolment.erasure_requested_at is not None


def with_all_that_is_told(
    people: "QuerySet[Any]", study: Study, held: Rights, *, now: datetime
) -> "QuerySet[Any]":
    """For a page of them: of each person a few small questions are asked."""
    modules = Module.objects.filter(edition=OuterRef("edition")).order_by()
    counted = modules.values("edition").annotate(number=Count("*")).values("number")
    arms = ("arm",) if held.arm else ()
    told: QuerySet[Any] = (
        people.select_related("rhythm", *arms)
        .only(*_READ, *(f"{arm}__name" for arm in arms))
        .annotate(
            weeks=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
            week=weeks_open(now),
            mail_comes_back=Exists(_FAILS),
            called_it_spam=Exists(_COMPLAINTS),
            is_asked_anew=Exists(asked_anew(Enrolment.objects.filter(pk=OuterRef("pk")))),
            next_mail=Subquery(mails.ahead(study, now).values(told=mails.AS_JSON)[:1]),
            latest=Subquery(mails.behind().values(told=mails.AS_JSON)[:1]),
        )
    )
    return told


def line(enrolment: Any, held: Rights, *, now: datetime) -> Person:
    rhythm: Rhythm | None = getattr(enrolment, "rhythm", None)
    return Person(
        enrolment=enrolment,
        arm=enrolment.arm.name if held.arm and enrolment.arm else "",
        paused_until=_paused_until(rhythm, now) if rhythm else None,
        mail_is_off=bool(rhythm and rhythm.mail_off_since),
        mail_comes_back=enrolment.mail_comes_back,
        called_it_spam=enrolment.called_it_spam,
        is_asked_anew=enrolment.is_asked_anew,
        next_mail=mail_of(enrolment.next_mail),
        latest=mail_of(enrolment.latest),
        week=enrolment.week,
        opened=enrolment.weeks_opened,
        took_part=enrolment.weeks_taken_part,
        weeks=enrolment.weeks,
    )


def _paused_until(rhythm: Rhythm, now: datetime) -> date | None:
    """The day they go on, if that is still to come on their own calendar."""
    until, zone = rhythm.paused_until, timetable.known_or_utc(rhythm.zone)
    return until if until and until > timetable.local(now, zone).date() else None
