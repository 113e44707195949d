"""What people tell by their own words. Nothing depends on it, and nothing is asked twice."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Material
from participants.joining import consent_is_current
from participants.models import Session
from participants.services import did_another_way, finish_session, note_practice
from scheduling import spoken
from portal.access import ParticipantRequest, link_ok
from portal.weeks.forms import PracticeForm, Practised, practised_choices
from portal.weeks.home import show_home
from portal.weeks.week import closed, session_of, sessions_of, show_week


@require_POST
@link_ok
def finish(request: ParticipantRequest, week: int) -> HttpResponse:
    session, now = session_of(request, week), timezone.now()
    if not session.is_open(now):
        return closed(request, session)
    finish_session(session=session, now=now)
    words = _("%(week)s is finished. You can come back to it whenever you like.")
    _say(request, words % {"week": spoken.week(week)})
    return redirect("portal:home")


@require_POST
@link_ok
def another_way(request: ParticipantRequest, week: int) -> HttpResponse:
    session, now = session_of(request, week), timezone.now()
    if not session.is_open(now):
        return closed(request, session)
    did_another_way(session=session, uuid=_uuid(request), now=now)
    _say(request, _("Thank you for telling us. Any way of doing it counts."))
    return redirect(reverse("portal:week", args=[week]) + "#done")


@require_POST
@link_ok
def practised(request: ParticipantRequest, week: int) -> HttpResponse:
    session, now = session_of(request, week), timezone.now()
    if not session.is_open(now):
        return closed(request, session)
    if not _note(request, [session], now):
        return show_week(
            request,
            session,
            sessions_of(request),
            recorded=consent_is_current(request.enrolment),
            practice_data=request.POST,
        )
    return redirect(reverse("portal:week", args=[week]) + "#practise")


@require_POST
@link_ok
def practised_at_home(request: ParticipantRequest) -> HttpResponse:
    """From any of the open weeks."""
    now = timezone.now()
    sessions = Session.objects.filter(enrolment=request.enrolment).open(now).in_order()
    if not _note(request, list(sessions), now):
        return show_home(request, request.POST)
    return redirect(reverse("portal:home") + "#practice")


def _note(request: ParticipantRequest, sessions: list[Session], now: datetime) -> bool:
    """Whether the form was filled in well."""
    materials = Material.objects.filter(module__in=[session.module_id for session in sessions])
    form = PracticeForm(
        request.POST,
        choices=practised_choices(sessions, materials.order_by("position")),
        today=timezone.localdate(),
    )
    if not form.is_valid():
        return False
    what: Practised = form.cleaned_data["activity"]
    note_practice(
        session=what.session,
        material=what.material,
        activity=what.activity,
        practised_on=form.cleaned_data["day"],
        uuid=form.cleaned_data["uuid"],
        now=now,
    )
    _say(request, _("Noted."))
    return True


def _say(request: ParticipantRequest, words: str) -> None:
    """While a new agreement waits to be read, nothing is recorded, and that is what is said."""
    if consent_is_current(request.enrolment):
        messages.success(request, words)
    else:
        waiting = _("We have not noted this: there is a new agreement to read first.")
        messages.warning(request, waiting)


def _uuid(request: ParticipantRequest) -> UUID:
    """Made with the page, so that a double click is one note."""
    try:
        return UUID(request.POST.get("uuid", ""))
    except ValueError:
        return uuid4()
