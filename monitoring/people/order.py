"""By what the list of people is sorted. Whatever is not known stands last, either way."""

from datetime import datetime
from typing import Any

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from monitoring.people import mails
from participants.models import Session
from studies.models import Study

COLUMNS = ("code", "status", "week", "next", "used", "opened", "took-part", "joined", "left")
FIRST = "next"
_KEPT = {
    "used": "last_use_at",
    "opened": "weeks_opened",
    "took-part": "weeks_taken_part",
    "joined": "consented_at",
    "left": "withdrawn_at",
}


def ordered(
    people: "QuerySet[Any]", column: str, *, is_descending: bool, study: Study, now: datetime
) -> "QuerySet[Any]":
    """Two people with the same stand by code. `people` are of `outcomes.with_changed`."""
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
    if column == "week":
        return [weeks_open(now)]
    return [F(_KEPT.get(column, column))]


def weeks_open(now: datetime) -> Subquery:
    """How many of a person's weeks are open: those that `participants.measures.open_to` finds, here
    without reading the person's row once more, from the index `session_progress` alone, and not as
    one of Django's aggregates, whose grouping takes PostgreSQL half as long again.
    """
    here_until = Coalesce(OuterRef("withdrawn_at"), Value(now))
    rows = Session.objects.filter(enrolment=OuterRef("pk"), opens_at__lte=here_until).order_by()
    number = Func("opens_at", function="COUNT", output_field=IntegerField())
    return Subquery(rows.annotate(number=number).values("number"))
