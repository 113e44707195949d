"""Home: what is next, all the weeks, what was practised, and the settings."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses import pack
from courses.models import Material
from participants.joining import consent_is_current
from participants.models import PracticeLog, Session
from participants.services import note_visit
from portal.access import ParticipantRequest, link_ok, rhythm_of, zone_of
from portal.weeks.beside import companions_of
from portal.weeks.formats import formats
from portal.weeks.forms import PracticeForm, practised_choices
from portal.weeks.outlook import Outlook, dots_of_end, outlook


@require_safe
@link_ok
def home(request: ParticipantRequest) -> HttpResponse:
    if request.method == "GET":
        note_visit(enrolment=request.enrolment, now=timezone.now())
    return show_home(request)


def show_home(request: ParticipantRequest, practice_data: Any = None) -> HttpResponse:
    """`practice_data`: what was sent in the practice form, to be shown with what it needs."""
    enrolment, now = request.enrolment, timezone.now()
    sessions = list(Session.objects.filter(enrolment=enrolment).in_order())
    view = outlook(
        sessions,
        zone=zone_of(enrolment),
        access_months=enrolment.study.access_months,
        now=now,
    )
    materials = list(_materials(sessions))
    form = PracticeForm(
        practice_data,
        choices=practised_choices([week.session for week in view.opened], materials),
        today=timezone.localdate(),
    )
    context = {
        "enrolment": enrolment,
        "study": enrolment.study,
        "rhythm": rhythm_of(enrolment),
        "outlook": view,
        "dots": dots_of_end(view) if view.is_over else view.weeks,
        "formats": formats(_of_next(view, materials)),
        "consent_is_current": consent_is_current(enrolment),
        "form": form,
        "practice": PracticeLog.objects.filter(session__enrolment=enrolment),
        "pack_size": pack.size(enrolment.edition, weeks=[week.number for week in view.opened]),
        "is_paused": is_paused(request),
        "companions": companions_of(enrolment),
    }
    return render(request, "portal/end.html" if view.is_over else "portal/home.html", context)


def is_paused(request: ParticipantRequest) -> bool:
    rhythm = rhythm_of(request.enrolment)
    until = rhythm.paused_until if rhythm else None
    return until is not None and until > timezone.localdate()


def _materials(sessions: list[Session]) -> Any:
    """Of all weeks, without their long texts."""
    return (
        Material.objects.filter(module__in=[session.module_id for session in sessions])
        .defer("body", "transcript", "chapters")
        .order_by("position")
    )


def _of_next(view: Outlook, materials: list[Material]) -> list[Material]:
    """Of the week that the page leads to first."""
    week = (view.first_unopened if view.nothing_opened else None) or view.here
    module_id = week.session.module_id if week else None
    return [material for material in materials if material.module_id == module_id]
