"""A study's people by code. No column that says who somebody is, is read here.

Of the account there is one question: whether mail to its address comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from courses.models import Module
from participants.measures import with_measures
from participants.models import Enrolment, Session, User
from scheduling import timetable
from scheduling.decisions import ALWAYS, STOPPABLE
from scheduling.models import Kind, Prompt, Rhythm
from studies.models import Study

_READ = (
    *("code", "is_test", "status", "withdrawal", "erased_at", "last_seen_at"),
    *("rhythm__paused_until", "rhythm__mail_off_since", "rhythm__zone"),
)
_HAPPENED = [
    *(Prompt.State.SENDING, Prompt.State.SENT, Prompt.State.FAILED, Prompt.State.UNCONFIRMED),
    *(Prompt.State.SKIPPED, Prompt.State.MISSED),
]
_NEEDS_A_LOOK = [Prompt.State.FAILED, Prompt.State.UNCONFIRMED, Prompt.State.MISSED]
_FAILS = User.objects.filter(pk=OuterRef("user"), address_failed_at__isnull=False)
# Nothing to an address that mail comes back from; besides what is promised, nothing of an archived
# study. Nor what was switched off, nor a reminder in a break, except a copy that was asked for.
_WILL_NOT_GO = (
    Q(enrolment__user__address_failed_at__isnull=False)
    | (Q(enrolment__study__state=Study.State.ARCHIVED) & ~Q(kind__in=ALWAYS))
    | Q(copy=0, kind__in=STOPPABLE, enrolment__rhythm__mail_off_since__isnull=False)
    | Q(copy=0, kind=Kind.NUDGE, enrolment__rhythm__paused_until__gt=F("local_date"))
    | Q(copy=0, kind=Kind.NUDGE, enrolment__study__nudges=False)
)
_COMPLAINTS = Prompt.objects.filter(enrolment=OuterRef("pk"), complained_at__isnull=False)


@dataclass(frozen=True, kw_only=True)
class Person:
    """One line of the list. `opened` and `took_part` count weeks out of `weeks`.

    `paused_until` and `mail_is_off` are None and False for those without a plan. `called_it_spam`:
    ever, of one of our mails.
    """

    enrolment: Enrolment
    paused_until: date | None
    mail_is_off: bool
    mail_comes_back: bool
    called_it_spam: bool
    has_finished: bool
    next_prompt: Prompt | None
    latest: Prompt | None
    opened: int
    took_part: int
    weeks: int

    @property
    def latest_needs_a_look(self) -> bool:
        mail = self.latest
        return mail is not None and (mail.state in _NEEDS_A_LOOK or self.latest_came_back)

    @property
    def latest_came_back(self) -> bool:
        """Or was kept back, because others had."""
        mail = self.latest
        return mail is not None and (
            mail.bounced_at is not None or mail.reason == Prompt.Reason.ADDRESS_FAILED
        )


def people_of(study: Study) -> "QuerySet[Any]":
    """The study's enrolments with what the list shows and sorts by."""
    weeks = Module.objects.filter(edition=OuterRef("edition"))
    sessions: QuerySet[Any] = Session.objects.filter(enrolment=OuterRef("pk"))
    measured: QuerySet[Any] = with_measures(sessions)
    return (
        Enrolment.objects.filter(study=study)
        .select_related("rhythm")
        .only(*_READ)
        .annotate(
            weeks=_number(weeks, "edition"),
            opened=_number(sessions.filter(first_opened_at__isnull=False), "enrolment"),
            took_part=_number(measured.filter(took_part=True), "enrolment"),
            mail_comes_back=Exists(_FAILS),
            called_it_spam=Exists(_COMPLAINTS),
            next_prompt=Subquery(_planned().values("pk")[:1]),
            next_due=Subquery(_planned().values("due_at")[:1]),
            latest=Subquery(_happened().values("pk")[:1]),
            latest_state=Subquery(_happened().values("state")[:1]),
        )
    )


def lines(enrolments: Sequence[Any], *, now: datetime) -> list[Person]:
    """The lines for one page of `people_of`; one query for all their prompts."""
    wanted = {pk for person in enrolments for pk in (person.next_prompt, person.latest) if pk}
    prompts = Prompt.objects.in_bulk(wanted)
    return [_line(person, prompts, now) for person in enrolments]


def _line(enrolment: Any, prompts: dict[int, Prompt], now: datetime) -> Person:
    rhythm: Rhythm | None = getattr(enrolment, "rhythm", None)
    return Person(
        enrolment=enrolment,
        paused_until=_paused_until(rhythm, now) if rhythm else None,
        mail_is_off=bool(rhythm and rhythm.mail_off_since),
        mail_comes_back=enrolment.mail_comes_back,
        called_it_spam=enrolment.called_it_spam,
        has_finished=0 < enrolment.weeks == enrolment.took_part,
        next_prompt=prompts.get(enrolment.next_prompt),
        latest=prompts.get(enrolment.latest),
        opened=enrolment.opened,
        took_part=enrolment.took_part,
        weeks=enrolment.weeks,
    )


def _paused_until(rhythm: Rhythm, now: datetime) -> date | None:
    """The day they go on, if that is still to come on their own calendar."""
    until, zone = rhythm.paused_until, timetable.known_or_utc(rhythm.zone)
    return until if until and until > timetable.local(now, zone).date() else None


def _planned() -> "QuerySet[Prompt]":
    """Without those of which it is known today that they will not go: `scheduling.decisions` would
    pass them by, and whoever reads the list would ask why they are written to.
    """
    rows = Prompt.objects.planned().filter(enrolment=OuterRef("pk")).exclude(_WILL_NOT_GO)
    return rows.order_by("due_at", "pk")


def _happened() -> "QuerySet[Prompt]":
    rows = Prompt.objects.filter(enrolment=OuterRef("pk"), state__in=_HAPPENED)
    return rows.order_by("-due_at", "-pk")


def _number(rows: "QuerySet[Model]", of: str) -> Coalesce:
    counted = rows.order_by().values(of).annotate(number=Count("pk", distinct=True))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)
