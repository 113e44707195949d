"""One page of the list, its people and how many there are, in two queries at any size of study."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Window

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
    """The keys of the page are found first, and only of those all the rest is asked. Where there
    is nobody on it, `total` is 0 whatever there is elsewhere.
    """
    number, is_descending = listing.page, listing.is_descending
    people = _narrowed(study, listing, filters)
    people = ordered(people, listing.sort, is_descending=is_descending, study=study, now=now)
    counted = people.annotate(total=Window(Count("*"))).values_list("pk", "total")
    keys = list(counted[(number - 1) * SIZE : number * SIZE])
    here = Enrolment.objects.filter(pk__in=[key for key, _total in keys])
    told = {each.pk: each for each in with_all_that_is_told(here, study, held, now=now)}
    return Page(
        people=[line(told[key], held, now=now) for key, _total in keys],
        number=number,
        total=keys[0][1] if keys else 0,
    )


def last_page_of(study: Study, listing: Listing, filters: list[Filter]) -> int:
    total: int = _narrowed(study, listing, filters).count()
    return Page(people=[], number=1, total=total).of


def _narrowed(study: Study, listing: Listing, filters: list[Filter]) -> Any:
    return narrowed(Enrolment.objects.filter(study=study), listing, filters)
