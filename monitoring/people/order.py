"""By what the list of people is sorted. Whatever is not known stands last, either way."""

from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from monitoring.people import mails
from participants.models import Session
from studies.models import Study

COLUMNS = ("code", "status", "week", "next", "used", "opened", "took-part", "joined")
FIRST = "next"


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
        return [Subquery(mails.ahead(study).values("due_at")[:1])]
    if column == "status":
        return [F("status"), F("withdrawal")]
    if column == "week":
        return [weeks(Q(opens_at__lte=now))]
    if column == "opened":
        return [weeks(Q(first_opened_at__isnull=False))]
    if column == "took-part":
        return [weeks(Q(took_part_at__isnull=False))]
    return [F({"code": "code", "used": "last_use_at", "joined": "consented_at"}[column])]


def weeks(which: Q) -> Combinable:
    """How many of a person's weeks are so: from the index `session_progress` alone."""
    rows = Session.objects.filter(which, enrolment=OuterRef("pk")).order_by()
    counted = rows.values("enrolment").annotate(number=Count("*"))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)
