"""A person's mails, as far as the list asks: which is next, which was last, which were not sent."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import (
    Case,
    DateTimeField,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject

from monitoring.people.outcomes import (
    FAILING,
    of_person,
    will_not_go,
    will_not_go_to_anybody,
)
from participants.models import Enrolment
from scheduling.models import Kind, Prompt
from scheduling.models.prompt import became
from studies.models import Study

State = Prompt.State
_HAPPENED = [*(State.SENDING, State.SENT, State.FAILED, State.UNCONFIRMED)]
_HAPPENED += [State.SKIPPED, State.MISSED]
_NEEDS_A_LOOK = {State.FAILED, State.UNCONFIRMED, State.MISSED}
# What a row of the list says of a mail.
AS_JSON = JSONObject(
    kind="kind",
    occurrence="occurrence",
    copy="copy",
    state="state",
    reason="reason",
    day="local_date",
    hour="local_time",
    zone="zone",
    bounced_at="bounced_at",
)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """`day` and `hour` are on the clock of `zone`, for which it is or was planned."""

    kind: Kind
    week: int
    copy: int
    state: Prompt.State
    reason: Prompt.Reason
    day: date
    hour: time
    zone: str
    bounced: bool

    @property
    def came_back(self) -> bool:
        """Or was kept back, because others had."""
        return self.bounced or self.reason in Prompt.UNREACHABLE

    @property
    def became(self) -> str:
        return became(self.state, self.reason)

    @property
    def needs_a_look(self) -> bool:
        return self.state in _NEEDS_A_LOOK or self.came_back


def mail_of(told: dict[str, Any] | None) -> Mail | None:
    """From `AS_JSON`."""
    if told is None:
        return None
    return Mail(
        kind=Kind(told["kind"]),
        week=told["occurrence"],
        copy=told["copy"],
        state=State(told["state"]),
        reason=Prompt.Reason(told["reason"]),
        day=date.fromisoformat(told["day"]),
        hour=time.fromisoformat(told["hour"]),
        zone=told["zone"],
        bounced=told["bounced_at"] is not None,
    )


def ahead(study: Study, now: datetime) -> "QuerySet[Prompt]":
    """Of an enrolment, the nearest first. Without those of which it is known today that they will
    not go: whoever reads the list would ask why they are written to. Answered from the index
    `prompt_next_of_a_person`.
    """
    rules = will_not_go(study, now, lambda name: F(f"enrolment__{name}"))
    return _planned_but([condition for _became, condition in rules])


def next_due(study: Study, now: datetime) -> Case:
    """When the first of those `ahead` of an enrolment is due. For most people that is asked of the
    study alone, and what else there is to ask, of the few whom it may be true of. People are those
    of `outcomes.with_changed`.
    """
    unwritten = Q(user=None) | Q(user__in=FAILING)
    few = _planned_but([condition for _became, condition in will_not_go(study, now, of_person)])
    most = _planned_but(will_not_go_to_anybody(study, now))
    return Case(
        When(unwritten, then=Value(None)),
        When(changed__isnull=False, then=Subquery(few.values("due_at")[:1])),
        default=Subquery(most.values("due_at")[:1]),
        output_field=DateTimeField(),
    )


def _planned_but(conditions: list[Q]) -> "QuerySet[Prompt]":
    rows = Prompt.objects.planned().filter(enrolment=OuterRef("pk"))
    for condition in conditions:
        rows = rows.exclude(condition)
    return rows.order_by("due_at")


def behind() -> "QuerySet[Prompt]":
    """Of an enrolment: what was tried or passed by, the newest first."""
    rows = Prompt.objects.filter(enrolment=OuterRef("pk"), state__in=_HAPPENED)
    return rows.order_by("-due_at", "-pk")


def unconfirmed() -> "QuerySet[Prompt]":
    """Nobody knows whether these arrived; staff may have heard."""
    return Prompt.objects.order_by().filter(state=State.UNCONFIRMED)


def not_sent() -> "QuerySet[Prompt]":
    """Failed, or too late to send; and nothing went since, nor is a copy on its way. These are few:
    what went since is counted, for which PostgreSQL looks person by person, and not, as for
    whether there is any, at every mail that went to anybody.
    """
    went = Q(state__in=[State.SENT, State.SENDING, State.UNCONFIRMED])
    since = Prompt.objects.order_by().filter(
        went | Q(state=State.PLANNED, copy__gt=0),
        enrolment=OuterRef("enrolment"),
        due_at__gt=OuterRef("due_at"),
    )
    number = Func("pk", function="COUNT", output_field=IntegerField())
    rows = Prompt.objects.order_by().filter(state__in=[State.FAILED, State.MISSED])
    return rows.alias(since=Subquery(since.values(number=number))).filter(since=0)


def comes_back() -> Q:
    """Of an enrolment that mail is still to go to."""
    return Q(user__address_failed_at__isnull=False) & ~Q(status=Enrolment.Status.WITHDRAWN)


def needs(rows: "QuerySet[Prompt]") -> Q:
    """Of an enrolment. Whose identity is erased, nobody can do anything about."""
    return Q(pk__in=rows.values(person=F("enrolment")), erased_at__isnull=True)
