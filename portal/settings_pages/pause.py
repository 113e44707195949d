"""A break until a day of one's own choosing, and its end. A mailed link is enough for this."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.access import ParticipantRequest, link_ok
from portal.settings_pages.asked import asked_of
from portal.settings_pages.plan import with_a_plan, with_what_is_next
from portal.settings_pages.shown import digest_of, saved_as_shown
from portal.weeks.home import is_paused
from scheduling import preview, services, spoken

LONGEST = timedelta(days=366)
_BEGINS = gettext_lazy("Your break begins now. It lasts until %(day)s.")
_CHANGED = gettext_lazy("Your break now lasts until %(day)s.")


class PauseForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("Until which day?"),
        help_text=gettext_lazy(
            "You can end the break sooner, or make it longer, whenever you like."
        ),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the day on which the break ends."),
            "invalid": gettext_lazy("Write the day as a date, like 2027-03-31."),
        },
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        first, last = today + timedelta(days=1), today + LONGEST
        self.fields["until"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise ValidationError(_("Choose a day after today."))
        if until > self.today + LONGEST:
            raise ValidationError(
                _("Choose a day within a year. You can make the break longer later.")
            )
        return until


@require_http_methods(["GET", "HEAD", "POST"])
@link_ok
@with_a_plan
def pause(request: ParticipantRequest) -> HttpResponse:
    resumes = "resume" in request.POST
    if resumes and _resumed(request):
        return redirect("portal:home")
    if not is_paused(request) and not preview.anything_ahead(enrolment=request.enrolment):
        context = {"study": request.enrolment.study}
        return render(request, "portal/settings/pause_nothing.html", context)
    today = timezone.localdate()
    begin = {"until": today + timedelta(weeks=2)}
    form = PauseForm(None if resumes else asked_of(request), today=today, initial=begin)
    if not form.is_valid():
        return _page(request, form)
    return _asked(request, form.cleaned_data["until"])


def _asked(request: ParticipantRequest, until: date) -> HttpResponse:
    enrolment, now = request.enrolment, timezone.now()
    if "save" in request.POST:
        save = partial(services.pause, enrolment=enrolment, until=until, now=now)
        saved = saved_as_shown(request, save)
        if saved is not None:
            words = _CHANGED if is_paused(request) else _BEGINS
            told = with_what_is_next(words % {"day": spoken.day(until)}, saved)
            messages.success(request, told)
            return redirect("portal:home")
    change = preview.of_pausing(enrolment=enrolment, until=until, now=now)
    context = {
        "change": change,
        "shown": digest_of(request, change),
        "until": until,
        "study": enrolment.study,
        "rhythm": enrolment.rhythm,
        "is_paused": is_paused(request),
    }
    return render(request, "portal/settings/pause_preview.html", context)


def _resumed(request: ParticipantRequest) -> bool:
    resume = partial(services.resume, enrolment=request.enrolment, now=timezone.now())
    change = saved_as_shown(request, resume)
    if change is None:
        return False
    words = with_what_is_next(_("The break is over. Welcome back."), change)
    messages.success(request, words)
    return True


def _page(request: ParticipantRequest, form: PauseForm) -> HttpResponse:
    enrolment = request.enrolment
    change = preview.of_resuming(enrolment=enrolment, now=timezone.now())
    context = {
        "form": form,
        "study": enrolment.study,
        "rhythm": enrolment.rhythm,
        "is_paused": is_paused(request),
        "change": change,
        "shown": digest_of(request, change),
    }
    return render(request, "portal/settings/pause.html", context)
