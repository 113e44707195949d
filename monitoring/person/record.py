"""What staff did in a study, and whose identity they looked at. For those who manage it."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.models import AccessLog, StaffAction
from monitoring.person import told_amounts
from monitoring.person.told_staff import names_of
from monitoring.settings_pages import told
from scheduling import timetable
from studies.models import Study

PAGE = 50


@require_safe
@researcher_required
@managing
def actions(request: ResearcherRequest, study: Study) -> HttpResponse:
    """Without allocations for those who may not see arms: also why one was made may say which."""
    done = StaffAction.objects.filter(study=study).select_related("enrolment")
    if not request.rights.arm:
        done = done.exclude(kind=StaffAction.Kind.ALLOCATE)
    done = done.only("kind", "why", "at", "details", "by_id", "enrolment__code")
    return _page(request, study, done, "monitoring/person/actions.html")


@require_safe
@researcher_required
@managing
def looks(request: ResearcherRequest, study: Study) -> HttpResponse:
    looked = AccessLog.objects.filter(enrolment__study=study).select_related("enrolment")
    looked = looked.only("why", "at", "by_id", "enrolment__code")
    return _page(request, study, looked, "monitoring/person/looks.html")


def _page(
    request: ResearcherRequest, study: Study, rows: "QuerySet[Any]", template: str
) -> HttpResponse:
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = names_of({row.by_id for row in shown}, request)
    context = {
        "this_study": study,
        "staff_place": "record",
        "zone": timetable.known_or_utc(study.default_zone),
        "page": page,
        "rows": [(row, names[row.by_id], *_what(row, study)) for row in shown],
    }
    return render(request, template, context)


def _what(row: StaffAction | AccessLog, study: Study) -> tuple[str, str, str]:
    """What was done; of the settings, what was changed, and where that version is to be read."""
    if not isinstance(row, StaffAction):
        return "", "", ""
    if row.kind not in told.CHANGES:
        return told_amounts.what(row), "", ""
    zone = timetable.known_or_utc(study.default_zone)
    return str(row.get_kind_display()), told.what(row, zone), told.place(row, study)
