"""Who somebody is: one person at a time, shown once, and each look is recorded."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, researcher_required, seeing_identity
from monitoring.models import AccessLog
from monitoring.person.found import person_named, zone_of
from monitoring.unnamed import NAMES_NOBODY, names_them
from participants.models import ConsentSignature, Enrolment, User


@require_http_methods(["GET", "HEAD", "POST"])
@researcher_required
@seeing_identity
@person_named
def identity(request: ResearcherRequest, person: Enrolment) -> HttpResponseBase:
    """On the answer to a POST alone, so that no address and no way back shows it again."""
    why = request.POST.get("why", "").replace("\x00", "").strip()[:500]
    if request.method == "POST" and not names_them(request, person, why, now=timezone.now()):
        return _shown(request, person, why)
    if request.method == "POST":
        messages.warning(request, NAMES_NOBODY)
    return redirect("monitoring:person", person.study.slug, person.code)


@transaction.atomic
def _shown(request: ResearcherRequest, person: Enrolment, why: str) -> HttpResponse:
    """Nothing is shown that is not recorded: both are in one transaction."""
    now = timezone.now()
    AccessLog.objects.create(by=request.user, enrolment=person, at=now, why=why)
    signatures = ConsentSignature.objects.filter(enrolment=person).order_by("-signed_at")
    context = {
        "this_study": person.study,
        "staff_place": "people",
        "enrolment": person,
        "address": User.objects.filter(enrolments=person).values_list("email", flat=True).first(),
        "names": list(signatures.values_list("typed_name", flat=True)),
        "zone": zone_of(person),
        "now": now,
    }
    return render(request, "monitoring/person/identity.html", context)
