"""By what the list of people is sorted. Whatever is not known stands last, either way."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from monitoring.people import mails
from participants.models import Session
from studies.models import Study

COLUMNS = ("code", "status", "week", "next", "used", "opened", "took-part", "joined", "left")
FIRST = "next"
_DATES = {"used": "last_use_at", "joined": "consented_at", "left": "withdrawn_at"}


def ordered(
    people: "QuerySet[Any]", column: str, *, is_descending: bool, study: Study, now: datetime
) -> "QuerySet[Any]":
    """Two people with the same stand by code."""
    keys = [
        key.desc(nulls_last=True) if is_descending else key.asc(nulls_last=True)
        for key in _keys(column, study, now)
    ]
    return people.order_by(*keys, "code")


def _keys(column: str, study: Study, now: datetime) -> list[Any]:
    if column == "next":
        return [mails.next_due(study, now)]
    if column == "status":
        return [F("status"), F("withdrawal")]
    if column in {"week", "opened", "took-part"}:
        return [weeks(now)[column]]
    return [F(_DATES.get(column, column))]


def weeks(now: datetime) -> dict[str, Combinable]:
    """How many of a person's weeks are open, opened and taken part in. Those are open that
    `participants.measures.open_to` finds, here without reading the person's row once more.
    """
    here_until = Coalesce(OuterRef("withdrawn_at"), Value(now))
    is_open = Case(When(opens_at__lte=here_until, then=Value(1)))
    counted: dict[str, Any] = {
        "week": is_open,
        "opened": F("first_opened_at"),
        "took-part": F("took_part_at"),
    }
    return {name: _count(what) for name, what in counted.items()}


def _count(what: Any) -> Subquery:
    """Where it is not null, of a person's sessions: from the index `session_progress` alone, and
    not as one of Django's aggregates, whose grouping takes PostgreSQL half as long again.
    """
    rows = Session.objects.filter(enrolment=OuterRef("pk")).order_by()
    number = Func(what, function="COUNT", output_field=IntegerField())
    return Subquery(rows.annotate(number=number).values("number"))
