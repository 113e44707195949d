"""The first of the staff's pages, and the style guide. Those of one study are in the folders."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from monitoring.access import staff_required, studies_of
from monitoring.settings_pages.new_study import may_start
from participants.models import User


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


@staff_required
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "monitoring/styleguide.html", {"staff_place": "styleguide"})
