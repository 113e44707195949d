"""The staff's pages."""

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from monitoring.access import staff_required, studies_of
from monitoring.listing import listing_from
from monitoring.people import lines, people_of
from monitoring.settings_pages.new_study import may_start
from participants.models import Enrolment, User
from scheduling import timetable

PAGE = 25


@never_cache
@staff_required
def studies(request: HttpRequest) -> HttpResponse:
    """The studies of this person. Where there is one, straight to it, unless they start others."""
    assert isinstance(request.user, User)
    joined = Q(enrolments__is_test=False, enrolments__consented_at__isnull=False)
    people = Count("enrolments", filter=joined)
    mine = list(studies_of(request.user).annotate(people=people).order_by("public_name"))
    starts = may_start(request.user)
    if len(mine) == 1 and not starts:
        return redirect("monitoring:study", mine[0].slug)
    context = {"studies": mine, "may_start": starts, "staff_place": "studies"}
    return render(request, "monitoring/studies.html", context)


@never_cache
@staff_required
def study(request: HttpRequest, study: str) -> HttpResponse:
    """Its people by code. A study that is not this person's is not found."""
    assert isinstance(request.user, User)
    here = get_object_or_404(studies_of(request.user), slug=study)
    now = timezone.now()
    everyone = (
        Enrolment.objects.joined()
        .filter(study=here)
        .aggregate(
            tests=Count("pk", filter=Q(is_test=True)), counted=Count("pk", filter=Q(is_test=False))
        )
    )
    # The demonstration's people are all test people, and whoever tries it joins beside them.
    with_tests = settings.DEMO or not everyone["counted"]
    listing = listing_from(request.GET, with_tests=with_tests)
    page = Paginator(listing.of(people_of(here)), PAGE).get_page(request.GET.get("page"))
    context = {
        "this_study": here,
        "zone": timetable.known_or_utc(here.default_zone),
        "people": lines(list(page.object_list), now=now),
        "page": page,
        "previous": page.has_previous() and listing.address(page=page.number - 1),
        "next": page.has_next() and listing.address(page=page.number + 1),
        "listing": listing,
        "tests": everyone["tests"],
        "other_listing": listing.address(with_tests=not listing.with_tests),
        "staff_place": "studies",
    }
    return render(request, "monitoring/people.html", context)


@staff_required
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "monitoring/styleguide.html", {"staff_place": "styleguide"})
