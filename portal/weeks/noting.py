"""What people tell by their own words. Nothing depends on it, and nothing is asked twice."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.models import Material
from participants.joining import consent_is_current
from participants.models import Session
from participants.services import did_another_way, finish_session, note_practice
from portal.access import ParticipantRequest, View, link_ok
from portal.weeks.forms import PracticeForm, Practised, practised_choices
from portal.weeks.home import show_home
from portal.weeks.week import closed, session_of, sessions_of, show_week
from scheduling import spoken


def _of_open_week(view: Callable[[ParticipantRequest, Session], HttpResponse]) -> View[[int]]:
    """For a form of an open week. By GET, as a reload comes, it leads back to the week."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @link_ok
    @wraps(view)
    def told(request: ParticipantRequest, week: int) -> HttpResponse:
        session = session_of(request, week)
        if request.method != "POST":
            return redirect("portal:week", week)
        if not session.is_open(timezone.now()):
            return closed(request, session)
        return view(request, session)

    return told


@_of_open_week
def finish(request: ParticipantRequest, session: Session) -> HttpResponse:
    finish_session(session=session, now=timezone.now())
    words = _("%(week)s is finished. You can come back to it whenever you like.")
    _say(request, words % {"week": spoken.week(session.module.week)})
    return redirect("portal:home")


@_of_open_week
def another_way(request: ParticipantRequest, session: Session) -> HttpResponse:
    did_another_way(session=session, uuid=_uuid(request), now=timezone.now())
    _say(request, _("Thank you for telling us. Any way of doing it counts."), beside="done")
    return redirect(reverse("portal:week", args=[session.module.week]) + "#done")


@_of_open_week
def practised(request: ParticipantRequest, session: Session) -> HttpResponse:
    if not _note(request, [session], timezone.now()):
        return show_week(
            request,
            session,
            sessions_of(request),
            recorded=consent_is_current(request.enrolment),
            practice_data=request.POST,
        )
    return redirect(reverse("portal:week", args=[session.module.week]) + "#practised")


@require_http_methods(["GET", "HEAD", "POST"])
@link_ok
def practised_at_home(request: ParticipantRequest) -> HttpResponse:
    """From any of the open weeks."""
    if request.method != "POST":
        return redirect("portal:home")
    now = timezone.now()
    sessions = Session.objects.filter(enrolment=request.enrolment).open(now).in_order()
    if not _note(request, list(sessions), now):
        return show_home(request, request.POST)
    return redirect(reverse("portal:home") + "#practised")


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
    _say(request, _("Noted."), beside="practised")
    return True


def _say(request: ParticipantRequest, words: str, *, beside: str = "") -> None:
    """`beside` is the part of the page where the person is; without it, the page's top.

    While a new agreement waits to be read, nothing is recorded, and that is what is said.
    """
    if consent_is_current(request.enrolment):
        messages.success(request, words, extra_tags=beside)
    else:
        waiting = _("We have not noted this: there is a new agreement to read first.")
        messages.warning(request, waiting, extra_tags=beside)


def _uuid(request: ParticipantRequest) -> UUID:
    """Made with the page, so that a double click is one note."""
    try:
        return UUID(request.POST.get("uuid", ""))
    except ValueError:
        return uuid4()
