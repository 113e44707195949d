"""Leaving: one page to choose how far, one to confirm. Nobody is talked out of it.

Deletion cannot be undone, so it asks for a code of the last half hour: a phone left lying open is
not enough. Asking for one signs out and comes back here.

Each form carries the code of the enrolment it was made for, so that someone who takes part in two
studies never leaves the other one because it was opened in between.
"""

import time
from datetime import timedelta
from typing import Any

from allauth.account.authentication import get_authentication_records
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from participants.accounts import address_is_new
from participants.models import Enrolment
from participants.withdrawal import CannotWithdraw, can_delete
from portal.access import CHOSEN, ParticipantRequest, enrolled_required
from portal.posted import NOT_TEXT, data_of
from scheduling import services

FRESH = timedelta(minutes=30)
_COMES_BACK = "mail-comes-back"
Level = Enrolment.Withdrawal


class LeaveForm(forms.Form):
    level = forms.ChoiceField(
        label=gettext_lazy("What would you like?"),
        widget=forms.RadioSelect(attrs={"class": "ruled"}),
        error_messages={
            "required": gettext_lazy("Choose how far you want to leave."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Is there something you would like to tell us?"),
        help_text=gettext_lazy("You do not have to. Please write no names here."),
        required=False,
        max_length=2000,
        widget=forms.Textarea,
        error_messages={
            **NOT_TEXT,
            "max_length": gettext_lazy("Please keep it to 2000 letters."),
        },
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField)
        level.choices = choices


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_required
def leave(request: ParticipantRequest) -> HttpResponse:
    choices = _choices(request.enrolment)
    if not choices:
        return redirect("portal:home")
    if request.method == "POST" and _is_for_another(request):
        return _ask_which(request)
    asked = request.GET.get("level", "")
    form = LeaveForm(data_of(request), choices=choices, initial={"level": asked})
    return _chosen(request, form) if form.is_valid() else _page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@enrolled_required
def leave_code(request: ParticipantRequest) -> HttpResponse:
    """Signed out, so that the next sign-in brings a new code; it leads back here."""
    if request.method != "POST":
        return redirect("portal:leave")
    if _is_for_another(request):
        return _ask_which(request)
    logout(request)
    request.session[CHOSEN] = request.enrolment.pk  # else it would come back to another study
    return redirect_to_login(f"{reverse('portal:leave')}?level={Level.ERASURE}")


@require_safe
def goodbye(request: HttpRequest, level: str) -> HttpResponse:
    if level not in Level.values:
        raise Http404
    context = {"level": level, "mail_comes_back": _COMES_BACK in request.GET}
    return render(request, "portal/settings/goodbye.html", context)


def has_fresh_code(request: HttpRequest) -> bool:
    since = time.time() - FRESH.total_seconds()
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "code" and record["at"] >= since for record in records)


def _has_new_address(request: ParticipantRequest) -> bool:
    user = request.enrolment.user
    return user is not None and address_is_new(user, now=timezone.now())


def _chosen(request: ParticipantRequest, form: LeaveForm) -> HttpResponse:
    deletes = form.cleaned_data["level"] == Level.ERASURE
    if deletes and _has_new_address(request):
        return _page(request, form, "portal/settings/leave_new_address.html")
    if deletes and not has_fresh_code(request):
        return _page(request, form, "portal/settings/leave_code.html")
    if "confirm" not in request.POST:
        return _page(request, form, "portal/settings/leave_confirm.html")
    return _left(request, form)


def _is_for_another(request: ParticipantRequest) -> bool:
    return request.POST.get("code") != request.enrolment.code


def _ask_which(request: ParticipantRequest) -> HttpResponse:
    words = _(
        "Nothing has happened: we could not tell what you want to leave. Please open it here, "
        "then choose “Leaving” again."
    )
    messages.warning(request, words)
    return redirect("portal:which")


def _choices(enrolment: Enrolment) -> list[tuple[str, str]]:
    """From least to most; for someone who has left, what goes further than that."""
    levels = [
        (Level.TRAINING.value, _("Stop the training, and answer questions if you ask some later")),
        (Level.EVERYTHING.value, _("Stop everything, and let you keep what was collected")),
        (Level.ERASURE.value, _("Stop everything, and delete what was collected")),
    ]
    if not can_delete(enrolment, timezone.now()):
        levels = levels[:2]
    if not enrolment.study.is_research:
        levels = levels[1:]
    if enrolment.is_withdrawn:
        order = Level.values
        gone = order.index(enrolment.withdrawal)
        return [each for each in levels if order.index(each[0]) > gone]
    return levels


def _left(request: ParticipantRequest, form: LeaveForm) -> HttpResponse:
    level = form.cleaned_data["level"]
    try:
        services.leave(
            enrolment=request.enrolment,
            level=level,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except CannotWithdraw as refusal:
        form.add_error("level", refusal.message)
        return _page(request, form)
    logout(request)
    # Nobody is signed in there, so the address says whether a mail can confirm it.
    page = reverse("portal:goodbye", args=[level])
    return redirect(f"{page}?{_COMES_BACK}" if _mail_comes_back(request) else page)


def _mail_comes_back(request: ParticipantRequest) -> bool:
    user = request.enrolment.user
    return user is not None and user.address_failed_at is not None


def _page(
    request: ParticipantRequest, form: LeaveForm, template: str = "portal/settings/leave.html"
) -> HttpResponse:
    context = {
        "form": form,
        "level": form["level"].value(),
        "study": request.enrolment.study,
        "enrolment": request.enrolment,
        "can_delete": can_delete(request.enrolment, timezone.now()),
    }
    return render(request, template, context)
