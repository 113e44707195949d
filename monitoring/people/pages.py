"""One page of the list, its people and how many there are, in one query at any size of study."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, IntegerField, Subquery

from monitoring.access import Rights
from monitoring.people.filters import Filter
from monitoring.people.listing import Listing, narrowed
from monitoring.people.order import ordered
from monitoring.people.rows import Person, line, with_all_that_is_told
from participants.models import Enrolment
from studies.models import Study

SIZE = 25


@dataclass(frozen=True, kw_only=True)
class Page:
    """`number` is counted from 1; `of` is how many pages there are, `total` how many people."""

    people: list[Person]
    number: int
    total: int

    @property
    def of(self) -> int:
        return max(1, -(-self.total // SIZE))

    @property
    def has_more(self) -> bool:
        return self.number < self.of


def page_of(
    study: Study, held: Rights, listing: Listing, filters: list[Filter], *, now: datetime
) -> Page:
    """The keys of the page are found first, inside: only of those all the rest is asked. Where
    there is nobody on it, `total` is 0 whatever there is elsewhere.
    """
    people, number = _narrowed(study, listing, filters), listing.page

    def in_order(rows: Any) -> Any:
        is_descending = listing.is_descending
        return ordered(rows, listing.sort, is_descending=is_descending, study=study, now=now)

    first = (number - 1) * SIZE
    keys = in_order(people).values("pk")[first : first + SIZE]
    told = with_all_that_is_told(Enrolment.objects.filter(pk__in=keys), study, held, now=now)
    found = list(in_order(told.annotate(total=_total(people))))
    return Page(
        people=[line(each, held, now=now) for each in found],
        number=number,
        total=found[0].total if found else 0,
    )


def last_page_of(study: Study, listing: Listing, filters: list[Filter]) -> int:
    total: int = _narrowed(study, listing, filters).count()
    return Page(people=[], number=1, total=total).of


def _narrowed(study: Study, listing: Listing, filters: list[Filter]) -> Any:
    return narrowed(Enrolment.objects.filter(study=study), listing, filters)


def _total(people: Any) -> Subquery:
    counted = people.order_by().values("study").annotate(number=Count("*"))
    return Subquery(counted.values("number"), output_field=IntegerField())
