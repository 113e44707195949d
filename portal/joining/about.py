"""Four questions about the person, for research alone. Each can be left."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from participants.models import Demographics
from participants.services import save_demographics
from portal.joining.about_form import AboutForm, initial_of
from portal.joining.steps import JoinRequest, step
from portal.posted import data_of


@step("about")
def about_you(request: JoinRequest) -> HttpResponse:
    way = request.way
    assert way.enrolment is not None
    said = Demographics.objects.filter(enrolment=way.enrolment).first()
    form = AboutForm(data_of(request), initial=initial_of(said))
    if request.method == "POST" and form.is_valid():
        recorded = save_demographics(
            enrolment=way.enrolment, answers=form.answers(), now=timezone.now()
        )
        return redirect(way.address_of("day") if recorded else "portal:agree_anew")
    return render(request, "portal/join/about.html", {**way.context("about"), "form": form})
