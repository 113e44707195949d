"""One line a person: where they stood at the cut, and the moment of each step."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    IntegerField,
    Max,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from courses.models import Module
from monitoring.export.columns import (
    Column,
    boolean,
    category,
    integer,
    moment,
    person,
    text,
)
from monitoring.export.cut import Cut, people
from monitoring.export.file import File, Row, read
from monitoring.export.zones import ZONE
from monitoring.models import StaffAction
from participants.models import Engagement, Enrolment, Invitation, Play, PracticeLog, Session

Status = Enrolment.Status


def columns(cut: Cut) -> list[Column]:
    return [
        *person(),
        text("source", "Source tag of the link or list they came by; empty without one."),
        category("status", "Where they stood at the cut.", Status, of="status_then"),
        *_invited(cut),
        *_joined(cut),
        *(_allocated(cut) if cut.with_arm else []),
        *_used(cut),
        *_left(cut),
        text(ZONE, "Time zone of this line’s local times: the study’s own."),
    ]


def _invited(cut: Cut) -> list[Column]:
    until = cut.until
    about = "Invited by the team, or entered with consent taken elsewhere."
    return [
        *moment("invited_at", about, of="invitation__invited_at", until=until),
        *moment(
            "invitation_ended_at",
            "The invitation ended without joining; the address was erased.",
            of="invitation__ended_at",
            until=until,
        ),
        category(
            "invitation_ending",
            "How it ended.",
            Invitation.Ending,
            of="ending_then",
        ),
        *moment(
            "disowned_at",
            "Entered as having agreed elsewhere, and said that it is not them, or not so.",
            of="invitation__disowned_at",
            until=until,
        ),
    ]


def _joined(cut: Cut) -> list[Column]:
    until = cut.until
    return [
        *moment("consented_at", "Agreed to take part.", until=until),
        integer(
            "edition",
            "Edition of the course that they are given.",
            unit="edition number",
            of="edition_then",
        ),
        integer(
            "information_version",
            "Version of the information sheet that was shown when they agreed.",
            unit="version number",
            of="information_then",
        ),
        *moment("demographics_at", "Passed the questions about themselves.", until=until),
        *moment("day_chosen_at", "Chose a day: began to take part.", until=until),
    ]


def _allocated(cut: Cut) -> list[Column]:
    return [
        text("arm", "Key of the arm they were allocated to.", of="arm_then"),
        *moment("allocated_at", "Allocated to it.", of="allocated_then", until=None),
    ]


def _used(cut: Cut) -> list[Column]:
    nothing = "Empty where the records were deleted on request, or nobody has joined."
    return [
        integer("weeks", f"Weeks of their edition. {nothing}", unit="weeks", of="weeks_then"),
        integer("weeks_opened", f"Weeks they opened. {nothing}", unit="weeks", of="opened_then"),
        integer(
            "weeks_took_part", f"Weeks they took part in. {nothing}", unit="weeks", of="took_then"
        ),
        boolean(
            "completed_training",
            f"Took part in every week of their edition. {nothing}",
            of="completed_then",
        ),
        *_last_use(cut),
    ]


def _last_use(cut: Cut) -> list[Column]:
    """The latest of what was recorded by then."""
    utc, local = moment("last_use", "Last did anything in any week.", until=None)
    return [
        Column(
            name=utc.name,
            meaning=utc.meaning,
            type=utc.type,
            reads=tuple(_USES),
            write=lambda *moments: utc.write(_latest(moments)),
        ),
        Column(
            name=local.name,
            meaning=local.meaning,
            type=local.type,
            reads=(*_USES, ZONE),
            write=lambda *moments_and_zone: local.write(
                _latest(moments_and_zone[:-1]), moments_and_zone[-1]
            ),
        ),
    ]


def _left(cut: Cut) -> list[Column]:
    until = cut.until
    return [
        *moment("withdrawn_at", "Withdrew.", until=until),
        category(
            "withdrawal",
            "At which level they withdrew; empty where the records were deleted after the cut.",
            Enrolment.Withdrawal,
            of="withdrawal_then",
        ),
        *moment(
            "identity_erased_at",
            "Since then nobody can tell whose code this is.",
            of="erased_at",
            until=until,
        ),
    ]


_USES = ("use_opened", "use_finished", "use_played", "use_engaged", "use_practised")


def _latest(moments: Sequence[datetime | None]) -> datetime | None:
    return max(filter(None, moments), default=None)


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    return read(_then(cut).order_by("pk"), names, person="")


def _then(cut: Cut) -> "QuerySet[Any]":
    """With what was so at the cut, derived from the moments of each step."""
    until = cut.until
    joined, kept = Q(consented_at__lte=until), Q(erasure_requested_at__isnull=True)
    by_then: QuerySet[Any] = Session.objects.filter(enrolment=OuterRef("pk"))
    opened = _number(by_then.filter(first_opened_at__lte=until))
    took_part = _number(by_then.filter(took_part_at__lte=until))
    weeks = _number(Module.objects.filter(edition=OuterRef("edition")), by="edition")
    return (
        people(cut)
        .annotate(zone=Value(cut.study.default_zone))
        .annotate(
            status_then=_status(until),
            ending_then=_if(Q(invitation__ended_at__lte=until), "invitation__ending"),
            edition_then=_if(joined, "edition__number"),
            information_then=_if(joined, "information__version"),
            weeks_then=_if(joined & kept, weeks),
            opened_then=_if(joined & kept, opened),
            took_then=_if(joined & kept, took_part),
            withdrawal_then=_withdrawal(until),
            **_uses(until),
            **(_arm(until) if cut.with_arm else {}),
        )
        .annotate(
            completed_then=Case(
                When(weeks_then=None, then=None),
                When(took_then__gt=0, took_then=F("weeks_then"), then=True),
                default=False,
                output_field=BooleanField(),
            )
        )
    )


def _status(until: datetime) -> Case:
    return Case(
        When(withdrawn_at__lte=until, then=Value(Status.WITHDRAWN.value)),
        When(day_chosen_at__lte=until, then=Value(Status.ACTIVE.value)),
        When(consented_at__lte=until, then=Value(Status.JOINING.value)),
        When(invitation__ended_at__lte=until, then=Value(Status.UNJOINED.value)),
        default=Value(Status.INVITED.value),
    )


def _withdrawal(until: datetime) -> Case:
    """Who asked for deletion later may have left before, at a level that is not known any more.
    Any other that came later was gone to from the first.
    """
    return Case(
        When(erasure_requested_at__gt=until, then=Value("")),
        When(withdrawn_at__gt=until, then=Value("")),
        When(withdrawal_since__gt=until, then=Value(Enrolment.Withdrawal.TRAINING.value)),
        When(withdrawn_at__lte=until, then=F("withdrawal")),
        default=Value(""),
    )


def _arm(until: datetime) -> dict[str, Case]:
    """Who was put into another arm later was in an earlier one by what staff did until then."""
    acts = StaffAction.objects.filter(enrolment=OuterRef("pk"), kind=StaffAction.Kind.ALLOCATE)
    last = acts.filter(at__lte=until).order_by("-at", "-pk")[:1]
    already = Q(allocated_at__lte=until)
    key = Subquery(last.annotate(key=KeyTextTransform("arm", "details")).values("key"))
    return {
        "arm_then": Case(When(already, then=F("arm__key")), default=key, output_field=TextField()),
        "allocated_then": Case(
            When(already, then=F("allocated_at")), default=Subquery(last.values("at"))
        ),
    }


def _if(condition: Q, value: "str | Coalesce") -> Case:
    return Case(When(condition, then=F(value) if isinstance(value, str) else value), default=None)


def _number(queryset: "QuerySet[Model]", *, by: str = "enrolment") -> Coalesce:
    counted = queryset.order_by().values(by).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


def _uses(until: datetime) -> dict[str, Subquery]:
    """As docs/definitions.md has it; of a playing, when it began, once it had been reported."""
    week, at = {"enrolment": OuterRef("pk")}, {"session__enrolment": OuterRef("pk")}
    found: list[tuple[QuerySet[Any], str]] = [
        (Session.objects.filter(**week, first_opened_at__lte=until), "first_opened_at"),
        (Session.objects.filter(**week, finished_at__lte=until), "finished_at"),
        (Play.objects.filter(**at, received_at__lte=until), "started_at"),
        (Engagement.objects.filter(**at, at__lte=until), "at"),
        (PracticeLog.objects.filter(**at, noted_at__lte=until), "noted_at"),
    ]
    return {
        name: Subquery(
            queryset.order_by()
            .values("enrolment" if queryset.model is Session else "session__enrolment")
            .annotate(latest=Max(column))
            .values("latest")
        )
        for name, (queryset, column) in zip(_USES, found, strict=True)
    }


ENROLMENTS = File(
    name="enrolments.csv",
    about="One line for each person: where they stood, and when they took each step.",
    columns=columns,
    rows=rows,
)
