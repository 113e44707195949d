"""One page of the list, its people and how many there are, in two queries at any size of study."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Window

from monitoring.access import Rights
from monitoring.people import narrowing
from monitoring.people.filters import Filter, There
from monitoring.people.listing import Listing, narrowed
from monitoring.people.order import ordered
from monitoring.people.outcomes import with_changed
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
    study: Study,
    held: Rights,
    listing: Listing,
    filters: list[Filter],
    there: There,
    *,
    now: datetime,
) -> Page:
    """The keys of the page are found first, and only of those all the rest is asked. Where there
    is nobody on it, `total` is 0 whatever there is elsewhere.
    """
    number, is_descending = listing.page, listing.is_descending
    people = _narrowed(study, listing, filters)
    people = ordered(people, listing.sort, is_descending=is_descending, study=study, now=now)
    first = (number - 1) * SIZE
    keys, total = _from_the_nearer_end(people, first, _known(listing, there))
    here = Enrolment.objects.filter(pk__in=keys)
    told = {each.pk: each for each in with_all_that_is_told(here, study, held, now=now)}
    return Page(people=[line(told[key], held, now=now) for key in keys], number=number, total=total)


def _known(listing: Listing, there: There) -> int | None:
    """How many people there are, where that is known before they are asked for."""
    if listing.is_narrowed:
        return None
    return {
        narrowing.WITHOUT: there.others,
        narrowing.ONLY: there.tests,
        narrowing.WITH: there.others + there.tests,
    }[listing.chosen["test"]]


def _from_the_nearer_end(people: Any, first: int, known: int | None) -> tuple[list[int], int]:
    """The keys of the page that begins behind so many, and how many people there are.

    That is told beside each, for which all are gathered. Where it is known, they need not be; and
    of a late page only those behind it are put in order.
    """
    if known is None:
        counted = people.annotate(total=Window(Count("*"))).values_list("pk", "total")
        rows = list(counted[first : first + SIZE])
        return [key for key, _total in rows], rows[0][1] if rows else 0
    last = min(first + SIZE, known)
    if last <= first:
        return [], 0
    keys = people.values_list("pk", flat=True)
    if first + last <= known:
        return list(keys[first:last]), known
    return list(keys.reverse()[known - last : known - first])[::-1], known


def last_page_of(study: Study, listing: Listing, filters: list[Filter]) -> int:
    total: int = _narrowed(study, listing, filters).count()
    return Page(people=[], number=1, total=total).of


def _narrowed(study: Study, listing: Listing, filters: list[Filter]) -> Any:
    people = with_changed(Enrolment.objects.filter(study=study))
    return narrowed(people, listing, filters)
