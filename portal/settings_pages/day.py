"""Another weekday, hour or zone; and another week before moving on. Seen first, then saved."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.access import ParticipantRequest, participant_required
from portal.settings_pages.asked import asked_of
from portal.settings_pages.plan import with_a_plan, with_what_is_next
from portal.settings_pages.shown import digest_of, saved_as_shown
from scheduling import preview, services, spoken
from scheduling.day_form import DayForm
from scheduling.models import Rhythm


@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
@with_a_plan
def change_day(request: ParticipantRequest) -> HttpResponse:
    enrolment, now = request.enrolment, timezone.now()
    form = DayForm(asked_of(request), initial=_chosen(enrolment.rhythm))
    if not form.is_valid():
        context = {"form": form, "study": enrolment.study, "rhythm": enrolment.rhythm}
        return render(request, "portal/settings/day.html", context)
    asked = form.cleaned_data
    if "save" in request.POST:
        save = partial(services.change_day, enrolment=enrolment, now=now, **asked)
        change = saved_as_shown(request, save)
        if change is not None:
            words = _saved(asked["zone"], before=enrolment.rhythm.zone)
            messages.success(request, with_what_is_next(words, change))
            return redirect("portal:home")
    return _preview(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@participant_required
@with_a_plan
def another_week(request: ParticipantRequest) -> HttpResponse:
    """Where all weeks are open there is nothing to take, whatever was open when the page was."""
    enrolment, now = request.enrolment, timezone.now()
    change = preview.of_another_week(enrolment=enrolment, now=now)
    if request.method == "POST" and change.weeks:
        taken = saved_as_shown(
            request, partial(services.another_week, enrolment=enrolment, now=now)
        )
        if taken is not None:
            words = _("You have another week. Take all the time you like.")
            messages.success(request, with_what_is_next(words, taken))
            return redirect("portal:home")
    context = {
        "change": change,
        "shown": digest_of(request, change),
        "study": enrolment.study,
        "rhythm": enrolment.rhythm,
    }
    return render(request, "portal/settings/another_week.html", context)


def _chosen(rhythm: Rhythm) -> dict[str, Any]:
    return {"weekday": rhythm.weekday, "local_time": rhythm.local_time, "zone": rhythm.zone}


def _saved(zone: str, *, before: str) -> str:
    if zone == before:
        return _("Your day is changed.")
    words = _("Your day is changed. Your times are now %(zone)s.")
    return words % {"zone": spoken.zone(zone)}


def _preview(request: ParticipantRequest, form: DayForm) -> HttpResponse:
    """Nobody is asked to agree to what they have."""
    enrolment, asked = request.enrolment, form.cleaned_data
    change = preview.of_changing_day(enrolment=enrolment, now=timezone.now(), **asked)
    context = {
        "form": form,
        "change": change,
        "chosen": asked,
        "shown": digest_of(request, change),
        "study": enrolment.study,
        "rhythm": enrolment.rhythm,
    }
    if asked == _chosen(enrolment.rhythm) and not change.moves_anything:
        return render(request, "portal/settings/day_nothing.html", context)
    return render(request, "portal/settings/day_preview.html", context)
