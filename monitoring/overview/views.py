"""A study in numbers, and what needs somebody's attention now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from monitoring.access import ResearcherRequest, researcher_required
from monitoring.overview.figures import figures
from monitoring.overview.plot import plot_of
from monitoring.people.outcomes import Outcome
from scheduling import timetable
from studies.models import Study


@require_safe
@researcher_required
def overview(request: ResearcherRequest, study: Study) -> HttpResponse:
    now = timezone.now()
    counted = figures(study, request.rights, now=now)
    context = {
        "this_study": study,
        "staff_place": "overview",
        "zone": timetable.known_or_utc(study.default_zone),
        "now": now,
        "figures": counted,
        "outcomes": Outcome,
        "plot": plot_of(counted.weeks),
    }
    return render(request, "monitoring/overview/overview.html", context)
