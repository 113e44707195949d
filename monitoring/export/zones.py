"""On whose clock something happened: the zone in which that week's own mail was planned.

A person's zone can change, and the one of today says nothing about then. A mail that has reached
its final state keeps the zone it was planned in, so the same cut finds the same zone again.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import F, QuerySet

from monitoring.export.columns import CODE, IS_TEST
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import CHUNK, Row
from scheduling.models import Kind, Prompt

ZONE = "zone"
_PERSON, _WEEK = "zone_of_person", "zone_of_week"


class Zones:
    """Read alongside rows that are ordered by enrolment, so only one person's are held."""

    def __init__(self, cut: Cut) -> None:
        self._otherwise = cut.study.default_zone
        self._people = groupby(_mails(cut), key=itemgetter(0))
        self._person = 0
        self._weeks: dict[int, str] = {}

    def of(self, enrolment: int, week: int) -> str:
        """That week's, or the last one's before it; else the study's own."""
        if enrolment > self._person:
            self._go_to(enrolment)
        if enrolment != self._person:
            return self._otherwise
        known = [each for each in self._weeks if each <= week]
        return self._weeks[max(known)] if known else self._otherwise

    def _go_to(self, enrolment: int) -> None:
        for person, mails in self._people:
            if person >= enrolment:
                self._person = person
                self._weeks = {week: zone for _person, week, zone in mails}
                return
        self._person, self._weeks = enrolment, {}


def _mails(cut: Cut) -> Iterator[Row]:
    settled = Prompt.objects.filter(
        recorded(cut, "enrolment__"), kind=Kind.SESSION, copy=0, settled_at__lte=cut.until
    )
    rows = settled.order_by("enrolment_id", "occurrence")
    return iter(rows.values_list("enrolment_id", "occurrence", "zone").iterator(CHUNK))


def read_with_zones(
    cut: Cut, queryset: "QuerySet[Any]", names: Sequence[str], *, session: str
) -> Iterator[Row]:
    """As `file.read`, for rows of the session along `session`, which must be ordered by enrolment
    first. Where `names` asks for `ZONE`, it is each row's own.
    """
    own = [name for name in names if name != ZONE]
    place = names.index(ZONE) if ZONE in names else None
    whose = {
        CODE: F(f"{session}enrolment__code"),
        IS_TEST: F(f"{session}enrolment__is_test"),
        _PERSON: F(f"{session}enrolment_id"),
        _WEEK: F(f"{session}module__week"),
    }
    rows = queryset.annotate(**whose).values_list(*own, _PERSON, _WEEK)
    zones = Zones(cut)
    for *row, person, week in rows.iterator(CHUNK):
        if place is not None:
            row.insert(place, zones.of(person, week))
        yield tuple(row)
