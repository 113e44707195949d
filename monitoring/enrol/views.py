"""The page that brings people in: links by source, one invitation, and the way to a list."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitoring.access import ResearcherRequest, managing, researcher_required
from monitoring.enrol import saving, sources
from monitoring.enrol.checking import Checked
from monitoring.enrol.forms import InviteForm, LinkForm
from monitoring.enrol.sources import MOST
from participants.inviting import CannotInvite
from participants.places import is_full
from studies.models import Study


@require_http_methods(["GET", "HEAD", "POST"])
@researcher_required
@managing
def enrol(request: ResearcherRequest, study: Study) -> HttpResponse:
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    if saving.saved_before(study, _pressed(request)):
        return _done(request, study)
    form = InviteForm(posted, study=study, now=now)
    if form.is_valid() and _invited(request, study, form, now):
        return _done(request, study)
    return render(request, "monitoring/enrol/enrol.html", _shown(request, study, form, now))


def _pressed(request: ResearcherRequest) -> str:
    return saving.pressed(request.POST.get("once", ""), request.POST.get("email", ""))


def _invited(request: ResearcherRequest, study: Study, form: InviteForm, now: datetime) -> bool:
    """Whether it could be done: somebody else may have been quicker."""
    once = _pressed(request)
    one = Checked(people={1: form.invitee()}, rows=1)
    try:
        saving.save(one, study, by=request.user, once=once, is_list=False, now=now)
    except CannotInvite as refusal:
        if saving.saved_before(study, once):
            return True
        form.add_error("email" if refusal.refused else None, refusal.message)
        return False
    return True


def _done(request: ResearcherRequest, study: Study) -> HttpResponse:
    """Whose code it became is not said: that would tell who is who."""
    messages.success(request, _("They are invited. The mail goes within a minute."))
    return redirect("monitoring:enrol", study.slug)


def _shown(
    request: ResearcherRequest, study: Study, form: InviteForm, now: datetime
) -> dict[str, Any]:
    counted = sources.counted(study)
    asked = LinkForm(request.GET if "source" in request.GET else None, auto_id="link_%s")
    source = asked.cleaned_data["source"] if asked.is_valid() else ""
    return {
        "this_study": study,
        "staff_place": "enrol",
        "form": form,
        "link_form": asked,
        "link": sources.link(study, source),
        "source": source,
        "sources": counted[:MOST],
        "more_sources": max(0, len(counted) - MOST),
        "is_recruiting": study.is_recruiting(now),
        "is_full": is_full(study),
    }
