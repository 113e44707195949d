"""The list of a study's people, by code."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from monitoring.access import ResearcherRequest, researcher_required
from monitoring.people.filters import Filter, There, filters_for, what_is_there
from monitoring.people.listing import Listing, listing_from
from monitoring.people.narrowing import WITH, WITHOUT
from monitoring.people.order import COLUMNS
from monitoring.people.pages import last_page_of, page_of
from scheduling import timetable
from studies.models import Study

_NUMBERS = {"week", "opened", "took-part"}


@dataclass(frozen=True)
class Heading:
    """A column's heading: `href` sorts by it, or the other way round if it is `sorted` already.

    `sorted` is "ascending", "descending" or "", as aria-sort has it.
    """

    words: str
    href: str
    sorted: str
    is_number: bool


@require_safe
@researcher_required
def people(request: ResearcherRequest, study: Study) -> HttpResponse:
    now, held = timezone.now(), request.rights
    there = what_is_there(study, held)
    filters = filters_for(study, held, there, now=now)
    listing = _with_tests_or_without(listing_from(request.GET, filters), there)
    page = page_of(study, held, listing, filters, there, now=now)
    if listing.page > 1 and not page.people:
        last = last_page_of(study, listing, filters)
        return redirect(request.path + listing.address(page=str(last)))
    return render(
        request,
        "monitoring/people/people.html",
        {
            **_context(study, listing, filters, now=now),
            "page": page,
            "previous": page.number > 1 and listing.address(page=str(page.number - 1)),
            "next": page.has_more and listing.address(page=str(page.number + 1)),
            "here": _here(listing),
            "there": there,
            "shows_arms": held.arm and bool(there.arms),
        },
    )


def _here(listing: Listing) -> str:
    """The list as it is, for the way back from a person; "" where that is the list itself."""
    page = str(listing.page) if listing.page > 1 else ""
    here = listing.address(page=page).removeprefix("?")
    return "" if here == f"test={listing.chosen['test']}" else here


def _context(
    study: Study, listing: Listing, filters: list[Filter], *, now: datetime
) -> dict[str, Any]:
    return {
        "this_study": study,
        "staff_place": "people",
        "zone": timetable.known_or_utc(study.default_zone),
        "now": now,
        "listing": listing,
        "filters": [(each, listing.chosen.get(each.name, "")) for each in filters],
        "headings": _headings(listing),
        "shows_left": _shows_who_left(listing),
    }


def _with_tests_or_without(listing: Listing, there: There) -> Listing:
    """Where the address does not say. The demonstration's people are all test people, and whoever
    tries it joins beside them.
    """
    if "test" in listing.chosen:
        return listing
    test = WITH if settings.DEMO or not there.others else WITHOUT
    return replace(listing, chosen={**listing.chosen, "test": test})


def _headings(listing: Listing) -> list[Heading]:
    words = {
        "code": _("Code"),
        "status": _("Status"),
        "week": _("Week"),
        "next": _("Next mail"),
        "used": _("Last use"),
        "opened": _("Opened"),
        "took-part": _("Took part"),
        "joined": _("Joined"),
        "left": _("Left"),
    }
    hidden = "next" if _shows_who_left(listing) else "left"
    shown = [column for column in COLUMNS if column != hidden]
    return [_heading(listing, column, words[column]) for column in shown]


def _shows_who_left(listing: Listing) -> bool:
    """When, in the place of the next mail, which those have not."""
    return listing.sort == "left" or listing.chosen.get("status", "").startswith("withdrawn")


def _heading(listing: Listing, column: str, words: str) -> Heading:
    is_here = column == listing.sort
    turned = "-" if is_here and not listing.is_descending else ""
    direction = "descending" if listing.is_descending else "ascending"
    return Heading(
        words=words,
        href=listing.address(sort=f"{turned}{column}"),
        sorted=direction if is_here else "",
        is_number=column in _NUMBERS,
    )
