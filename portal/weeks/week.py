"""One week: to watch, read or listen to, and to practise. Also its printable and plain pages."""

from typing import Any
from uuid import uuid4

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from courses.models import Material
from participants.joining import consent_is_current
from participants.models import Engagement, MediaProgress, Session
from participants.services import open_session
from portal.access import ParticipantRequest, link_ok, zone_of
from portal.weeks import tokens
from portal.weeks.beside import companions_of
from portal.weeks.formats import formats
from portal.weeks.forms import PracticeForm, practised_choices
from portal.weeks.once import once_a_day
from portal.weeks.outlook import outlook
from studies import helplines


@require_safe
@link_ok
def week(request: ParticipantRequest, week: int) -> HttpResponse:
    """Opening it is noted; a week that is not open yet says when it opens, which is no error."""
    sessions = sessions_of(request)
    session = _of_week(sessions, week)
    now = timezone.now()
    if not session.is_open(now):
        return closed(request, session)
    if request.method == "GET":
        recorded = open_session(session=session, now=now)
    else:
        recorded = consent_is_current(request.enrolment)
    return show_week(request, session, sessions, recorded=recorded)


def show_week(
    request: ParticipantRequest,
    session: Session,
    sessions: list[Session],
    *,
    recorded: bool,
    practice_data: Any = None,
) -> HttpResponse:
    """`recorded`: whether what the person does here is kept; not while a new agreement waits."""
    enrolment, now = request.enrolment, timezone.now()
    materials = list(_with_places(session))
    found = formats(materials)
    context = {
        "enrolment": enrolment,
        "study": enrolment.study,
        "session": session,
        "module": session.module,
        "formats": found,
        "asked_for": _asked_for(request, found.videos),
        "outlook": outlook(
            sessions,
            zone=zone_of(enrolment),
            access_months=enrolment.study.access_months,
            now=now,
        ),
        "form": PracticeForm(
            practice_data,
            choices=practised_choices([session], materials),
            today=timezone.localdate(),
        ),
        "consent_is_current": recorded,
        "report_token": tokens.token_for(session),
        "another_way_uuid": uuid4(),
        "companions": companions_of(enrolment),
    }
    return render(request, "portal/week.html", context)


def sessions_of(request: ParticipantRequest) -> list[Session]:
    return list(Session.objects.filter(enrolment=request.enrolment).in_order())


def session_of(request: ParticipantRequest, week: int) -> Session:
    return _of_week(sessions_of(request), week)


def _of_week(sessions: list[Session], week: int) -> Session:
    for session in sessions:
        if session.module.week == week:
            return session
    raise Http404


@require_safe
@link_ok
def material_print(request: ParticipantRequest, week: int, key: str) -> HttpResponse:
    return _by_itself(request, week, key, "portal/print.html", Engagement.Kind.PRINTED)


@require_safe
@link_ok
def material_words(request: ParticipantRequest, week: int, key: str) -> HttpResponse:
    return _by_itself(request, week, key, "portal/words.html", None)


def closed(request: ParticipantRequest, session: Session) -> HttpResponse:
    context = {
        "study": request.enrolment.study,
        "enrolment": request.enrolment,
        "session": session,
        "module": session.module,
    }
    return render(request, "portal/week_closed.html", context)


def _by_itself(
    request: ParticipantRequest, week: int, key: str, template: str, noted: str | None
) -> HttpResponse:
    """One material alone on a page. `noted` is the kind of engagement that opening it is."""
    session, now = session_of(request, week), timezone.now()
    if not session.is_open(now):
        return closed(request, session)
    material = get_object_or_404(session.module.materials, key=key)
    if template == "portal/words.html" and not (material.transcript or material.body):
        raise Http404
    if noted and request.method == "GET":
        once_a_day(session=session, material=material, kind=noted, now=now)
    context = {
        "study": request.enrolment.study,
        "session": session,
        "module": session.module,
        "material": material,
        "report_token": tokens.token_for(session),
        "helplines": [f"{label}: {value}" for label, value in helplines.for_mail()[:2]],
    }
    return render(request, template, context)


def _with_places(session: Session) -> Any:
    """The week's materials, each with `left_at`, the second where the person stopped."""
    places = MediaProgress.objects.filter(session=session, material=OuterRef("pk"))
    materials = session.module.materials.order_by("position")
    return materials.annotate(left_at=Subquery(places.values("position")[:1]))


def _asked_for(request: ParticipantRequest, videos: list[Material]) -> int | None:
    """`?t=252` for the week's video: a whole second within it. Anything else is passed over."""
    given = request.GET.get("t", "")
    if not (videos and given.isascii() and given.isdecimal()):
        return None
    second = int(given[:6])
    return second if second < (videos[0].duration or 0) else None
