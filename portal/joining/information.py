"""The first page: what the study is, in full, before anything is asked."""

from allauth.account.internal.stagekit import get_pending_stage
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from participants.models import Enrolment
from portal.joining import state
from portal.joining.email import code_page
from portal.joining.steps import JoinRequest, closed_page, find_way, step
from studies import promised
from studies.screening import clean_source


@step("information")
def information(request: JoinRequest) -> HttpResponse:
    way = request.way
    if way.sheet is None:
        return closed_page(request, way.study)
    if request.method == "POST":
        return _begin(request, str(way.sheet.pk))
    context = {
        **way.context("information"),
        "sheet": way.sheet,
        "mails": promised.emails(way.study),
        "source": request.GET.get("from", way.state.source),
        "has_begun": way.is_done("information"),
        "changed": way.state.sheet not in {None, way.sheet.pk},
    }
    return render(request, "portal/join/information.html", context)


@never_cache
def go_on(request: HttpRequest, study: str) -> HttpResponse:
    """To the step that is due, or to the code that is waiting to be typed."""
    way = find_way(request, study)
    if way.enrolment is not None and way.enrolment.status == Enrolment.Status.ACTIVE:
        return redirect("portal:home")
    if way.next_step() == "email" and get_pending_stage(request) is not None:
        return redirect(code_page(way))
    return redirect(way.address_of_next())


def _begin(request: JoinRequest, in_force: str) -> HttpResponse:
    """The form says which version was read: it may have changed meanwhile."""
    way = request.way
    if request.POST.get("sheet") != in_force:
        messages.warning(
            request, _("The text changed while you were reading. Here is the new one.")
        )
        return redirect(way.address_of("information"))
    way.state.sheet = int(in_force)
    way.state.source = way.state.source or clean_source(request.POST.get("from", ""))
    state.write(request, way.study, way.state)
    return redirect(way.address_of_next())
