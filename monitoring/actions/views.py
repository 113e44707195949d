"""An action's pages: what is asked, what will happen, and the button that does it.

What there is to choose is asked for by address, so that going back finds it again; what is written,
and the doing, come by POST alone.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from monitoring.access import (
    ResearcherRequest,
    managing,
    researcher_required,
    seeing_arms,
    seeing_identity,
)
from monitoring.actions.deed import Asked, CannotBeDone, Deed, Done
from monitoring.actions.forms import WhyForm
from monitoring.actions.offers import DEEDS
from monitoring.models import StaffAction
from monitoring.person.found import person_named, zone_of
from monitoring.settings_pages.shown import digest_of, is_as_shown
from monitoring.unnamed import names_them
from participants.models import Enrolment
from scheduling import timetable


def _enter(request: ResearcherRequest, person: Enrolment, action: str) -> HttpResponseBase:
    deed, now = DEEDS[action], timezone.now()
    if not deed.is_offered(person, now=now):
        words = _("Nothing was done: “%(action)s” is not for %(code)s now.")
        messages.info(request, words % {"action": deed.words, "code": person.code})
        return redirect("monitoring:person", person.study.slug, person.code)
    asking = deed.asking(person, _choice_in(request), now=now)
    if asking is not None and not asking.is_valid():
        return _page(request, person, deed, "ask", {"form": asking})
    saying = deed.saying(person, request.POST if request.method == "POST" else None)
    why, again = request.POST.get("why", ""), ""
    saying.names_them = names_them(request, person, why, now=now)
    if request.method == "POST" and saying.is_valid():
        again = deed.once_more(saying.cleaned_data)
        if again != request.POST.get("again", ""):
            return _preview(request, person, deed, asking, saying, now, again)
        if _did(request, person, deed, asking, saying, now):
            return redirect("monitoring:person", person.study.slug, person.code)
    return _preview(request, person, deed, asking, saying, now, again)


_entered = person_named(_enter)
_methods = require_http_methods(["GET", "HEAD", "POST"])
_with_identity = researcher_required(managing(seeing_identity(_entered)))
_with_arm = researcher_required(managing(seeing_arms(_entered)))
_plain = researcher_required(managing(_entered))


@_methods
def act(request: ResearcherRequest, /, **where: str) -> HttpResponseBase:
    """Each action asks for the rights it needs."""
    deed = DEEDS.get(where["action"])
    if deed is None:
        raise Http404
    if deed.needs_identity:
        return _with_identity(request, **where)
    return _with_arm(request, **where) if deed.needs_arm else _plain(request, **where)


def _choice_in(request: ResearcherRequest) -> Any:
    if request.method == "POST":
        return request.POST
    return request.GET if "show" in request.GET else None


def _did(
    request: ResearcherRequest,
    person: Enrolment,
    deed: Deed,
    asking: forms.Form | None,
    saying: WhyForm,
    now: datetime,
) -> bool:
    asked: Asked = asking.cleaned_data if asking is not None else {}
    try:
        done = _done_as_shown(request, person, deed, asked, saying.cleaned_data, now)
    except CannotBeDone as refusal:
        messages.warning(request, refusal.message)
        return False
    if done is None:
        words = _("Nothing was done: this has changed since the page was made. Please look again.")
        messages.warning(request, words)
        return False
    messages.success(request, done.words)
    return True


@transaction.atomic
def _done_as_shown(
    request: ResearcherRequest,
    person: Enrolment,
    deed: Deed,
    asked: Asked,
    said: Asked,
    now: datetime,
) -> Done | None:
    """The doing and the record of it, or neither."""
    done = deed.do(person, asked, said, by=request.user, now=now)
    if not is_as_shown(request, [person.code, deed.name, done.shown]):
        transaction.set_rollback(True)
        return None
    StaffAction.objects.create(
        study=person.study,
        enrolment=person,
        by=request.user,
        kind=done.kind or deed.kind,
        why=said["why"],
        details=done.details,
        at=now,
    )
    deed.tell(request, person, done)
    return done


def _preview(
    request: ResearcherRequest,
    person: Enrolment,
    deed: Deed,
    asking: forms.Form | None,
    saying: WhyForm,
    now: datetime,
    again: str,
) -> HttpResponse:
    """Made anew, so that it says what holds now. What cannot be done is said beside what was
    asked, or else on the person's page. `again` is what is to be looked at once more.
    """
    try:
        seen = deed.preview(person, asking.cleaned_data if asking else {}, now=now)
    except CannotBeDone as refusal:
        if asking is None:
            messages.warning(request, refusal.message)
            return redirect("monitoring:person", person.study.slug, person.code)
        asking.add_error(None, refusal.message)
        return _page(request, person, deed, "ask", {"form": asking})
    context = {
        "preview": seen,
        "asking": asking,
        "form": saying,
        "again": again,
        "shown": digest_of([person.code, deed.name, seen.shown]),
    }
    return _page(request, person, deed, "preview", context)


def _page(
    request: ResearcherRequest, person: Enrolment, deed: Deed, page: str, context: dict[str, Any]
) -> HttpResponse:
    context = {
        **context,
        "this_study": person.study,
        "staff_place": "people",
        "enrolment": person,
        "deed": deed,
        "zone": timetable.known_or_utc(zone_of(person)),
    }
    return render(request, f"monitoring/actions/{page}.html", context)
