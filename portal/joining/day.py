"""The day, the hour and the zone; then the dates that follow from them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from participants.models import Enrolment, Session
from portal.access import zone_of
from portal.joining import invited
from portal.joining.steps import JoinRequest, Way, choose, find_way, step
from portal.posted import data_of
from scheduling import preview, services
from scheduling.day_form import DayForm
from scheduling.plan import Plan


@step("day")
def choose_day(request: JoinRequest) -> HttpResponse:
    way = request.way
    assert way.enrolment is not None
    agreed = invited.agreed_day(way.enrolment)
    form = DayForm(data_of(request), zone=way.study.default_zone, initial=agreed)
    plan: Plan = []
    if request.method == "POST" and form.is_valid():
        if "show" not in request.POST:
            return _chosen(request, form)
        plan = _plan(way, form)
    context = {**way.context("day"), "form": form, "plan": plan, "agreed": agreed}
    return render(request, "portal/join/day.html", context)


def _chosen(request: JoinRequest, form: DayForm) -> HttpResponse:
    enrolment = request.way.enrolment
    assert enrolment is not None
    services.choose_day(enrolment=enrolment, now=timezone.now(), **form.cleaned_data)
    choose(request, enrolment)
    return redirect("portal:join_dates", request.way.study.slug)


def _plan(way: Way, form: DayForm) -> Plan:
    assert way.enrolment is not None
    edition = way.enrolment.edition
    return preview.of_choosing(edition=edition, now=timezone.now(), **form.cleaned_data)


@never_cache
def dates(request: HttpRequest, study: str) -> HttpResponse:
    """The four dates; whoever has no dates yet is led to the step that gives them."""
    way = find_way(request, study)
    if way.enrolment is None or way.enrolment.status != Enrolment.Status.ACTIVE:
        return redirect(way.address_of_next())
    choose(request, way.enrolment)
    sessions = Session.objects.filter(enrolment=way.enrolment).in_order()
    context = {
        "study": way.study,
        "enrolment": way.enrolment,
        "sessions": sessions,
        "rhythm": way.enrolment.rhythm,
    }
    with timezone.override(zone_of(way.enrolment)):
        return render(request, "portal/join/dates.html", context)
