"""Another weekday, hour or zone; and another week before moving on. Seen first, then saved."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access import ParticipantRequest, participant_required
from portal.day_form import DayForm
from portal.settings_pages.asked import asked_of
from portal.settings_pages.plan import with_a_plan, with_what_is_next
from scheduling import preview, services


@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
@with_a_plan
def change_day(request: ParticipantRequest) -> HttpResponse:
    enrolment, now = request.enrolment, timezone.now()
    rhythm = enrolment.rhythm
    chosen = {"weekday": rhythm.weekday, "local_time": rhythm.local_time, "zone": rhythm.zone}
    form = DayForm(asked_of(request), initial=chosen)
    context = {"form": form, "study": enrolment.study, "rhythm": rhythm}
    if not form.is_valid():
        return render(request, "portal/settings/day.html", context)
    if "save" in request.POST:
        change = services.change_day(enrolment=enrolment, now=now, **form.cleaned_data)
        messages.success(request, with_what_is_next(_("Your day is changed."), change))
        return redirect("portal:home")
    context["change"] = preview.of_changing_day(enrolment=enrolment, now=now, **form.cleaned_data)
    context["chosen"] = form.cleaned_data
    return render(request, "portal/settings/day_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
@with_a_plan
def another_week(request: ParticipantRequest) -> HttpResponse:
    """Where all weeks are open there is nothing to take, whatever was open when the page was."""
    enrolment, now = request.enrolment, timezone.now()
    change = preview.of_another_week(enrolment=enrolment, now=now)
    if request.method == "POST" and change.weeks:
        change = services.another_week(enrolment=enrolment, now=now)
        words = _("You have another week. Take all the time you like.")
        messages.success(request, with_what_is_next(words, change))
        return redirect("portal:home")
    context = {"change": change, "study": enrolment.study, "rhythm": enrolment.rhythm}
    return render(request, "portal/settings/another_week.html", context)
