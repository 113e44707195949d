"""The texts beside the weeks, such as common worries: of the person’s own edition, on any day."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.models import Module
from participants.models import Enrolment
from participants.services import note_visit
from portal.access import ParticipantRequest, link_ok
from studies import helplines


@require_safe
@link_ok
def companion(request: ParticipantRequest, kind: str) -> HttpResponse:
    """`?week=2` is the week that the way back leads to; else it leads home."""
    enrolment = request.enrolment
    text = enrolment.edition.companions.filter(kind=kind).first()
    if text is None:
        return render(request, "portal/no_companion.html", {"study": enrolment.study}, status=404)
    if request.method == "GET":
        note_visit(enrolment=enrolment, now=timezone.now())
    context = {
        "study": enrolment.study,
        "companion": text,
        "back_to": _week_come_from(request),
        "helplines": [f"{label}: {value}" for label, value in helplines.for_mail()[:2]],
    }
    return render(request, "portal/companion.html", context)


def companions_of(enrolment: Enrolment) -> Any:
    """To be linked to: without their words."""
    return enrolment.edition.companions.defer("body")


def _week_come_from(request: ParticipantRequest) -> Module | None:
    """None for anything that is no week of this course."""
    given = request.GET.get("week", "")
    if not (given.isascii() and given.isdecimal() and len(given) <= 2):
        return None
    return request.enrolment.edition.modules.filter(week=int(given)).first()
