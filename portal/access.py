"""Who is asking, and as which enrolment. There are two ways in.

*Signed in by code*: `request.user` is the person; with several enrolments the session holds the one
they chose. *By a mailed link*: `request.user` stays anonymous; for 12 hours the session holds the
enrolment and its link version, which each request compares with the row, so that withdrawing or
changing the address ends the visit at once.

    @participant_required   signed in by code, taking part
    @link_ok                the same, or by a mailed link
    @enrolled_required      signed in by code, also while joining and after leaving

Each view so marked takes a `ParticipantRequest` and runs in the person's own time zone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Flag, auto
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from participants.models import Enrolment, User
from participants.models.enrolment import EnrolmentQuerySet
from participants.withdrawal import can_delete
from portal.joining import state
from scheduling import timetable
from scheduling.models import Rhythm

CHOSEN = "enrolment"
LINK = "link"
LINK_LIFE = timedelta(hours=12)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
ParticipantView = Callable[Concatenate["ParticipantRequest", P], HttpResponseBase]


class ParticipantRequest(HttpRequest):
    enrolment: Enrolment
    by_link: bool
    has_several: bool = False


class Admits(Flag):
    PLAIN = 0
    LINK = auto()
    NOT_TAKING_PART = auto()


def participant_required(view: ParticipantView[P]) -> View[P]:
    return _guarded(view, Admits.PLAIN)


def link_ok(view: ParticipantView[P]) -> View[P]:
    return _guarded(view, Admits.LINK)


def enrolled_required(view: ParticipantView[P]) -> View[P]:
    return _guarded(view, Admits.NOT_TAKING_PART)


def current_enrolment(request: HttpRequest) -> Enrolment | None:
    """The enrolment this request may act for; None also where a choice between several is open."""
    if request.user.is_authenticated:
        return chosen_of(request, enrolments_of(request.user))
    return link_enrolment(request)


def enrolments_of(user: User) -> list[Enrolment]:
    """All that a person agreed to, newest first, with what every page needs of them."""
    return list(_with_surroundings().belonging_to(user).joined().order_by("-consented_at", "-pk"))


def chosen_of(request: HttpRequest, enrolments: list[Enrolment]) -> Enrolment | None:
    """The one chosen; else the one they take part in; else, of several, none."""
    for enrolment in enrolments:
        if enrolment.pk == request.session.get(CHOSEN):
            return enrolment
    current = [enrolment for enrolment in enrolments if not enrolment.is_withdrawn]
    if len(current) > 1:
        return None
    return next(iter(current or enrolments), None)


def holds_link(request: HttpRequest) -> bool:
    """Whether a link was opened in this session, without asking the database if it is good."""
    return LINK in request.session


def link_enrolment(request: HttpRequest) -> Enrolment | None:
    held = request.session.get(LINK)
    if not held or datetime.fromisoformat(held["until"]) <= timezone.now():
        return None
    return (
        _with_surroundings()
        .current()
        .filter(pk=held["enrolment"], link_version=held["version"])
        .first()
    )


def open_link_session(request: HttpRequest, enrolment: Enrolment, *, now: datetime) -> None:
    """Never logs in. What another person left in this session goes; the session's key changes."""
    held = request.session.get(LINK)
    if held and held["enrolment"] == enrolment.pk:
        request.session.cycle_key()
    else:
        request.session.flush()
    request.session[LINK] = {
        "enrolment": enrolment.pk,
        "version": enrolment.link_version,
        "until": (now + LINK_LIFE).isoformat(),
    }


def end_link_session(request: HttpRequest, **_signal: Any) -> None:
    """Whoever signs in takes the place of a visit by link, which must not come back after them."""
    request.session.pop(LINK, None)


def rhythm_of(enrolment: Enrolment) -> Rhythm | None:
    return getattr(enrolment, "rhythm", None)


def zone_of(enrolment: Enrolment) -> ZoneInfo:
    """The person's own zone; the study's until they have chosen a day, or if theirs is no more."""
    rhythm = rhythm_of(enrolment)
    own = [rhythm.zone] if rhythm else []
    return ZoneInfo(timetable.known_or_utc(*own, enrolment.study.default_zone))


def joining_step(enrolment: Enrolment) -> str:
    """Where someone who has agreed but not yet chosen a day goes on."""
    asked = enrolment.demographics_at is not None or not enrolment.study.is_research
    return reverse("portal:join_day" if asked else "portal:join_about", args=[enrolment.study.slug])


def _with_surroundings() -> EnrolmentQuerySet:
    return Enrolment.objects.select_related("user", "study", "edition__course", "rhythm")


def _guarded(view: ParticipantView[P], admits: Admits) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = _enrolment_or_answer(request, admits)
        response: HttpResponseBase
        if isinstance(found, HttpResponse):
            response = found
        else:
            visit = cast(ParticipantRequest, request)
            visit.enrolment, visit.by_link = found, not request.user.is_authenticated
            with timezone.override(zone_of(found)):
                response = view(visit, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)  # so that "back" on a shared phone shows nothing
        return response

    return guarded


def _enrolment_or_answer(request: HttpRequest, admits: Admits) -> Enrolment | HttpResponse:
    if not request.user.is_authenticated:
        return _by_link_or_answer(request, admits)
    enrolments = enrolments_of(request.user)
    enrolment = chosen_of(request, enrolments)
    cast(ParticipantRequest, request).has_several = len(enrolments) > 1
    if enrolment is None:
        return redirect("portal:which") if enrolments else _nothing_here(request)
    if Admits.NOT_TAKING_PART in admits or enrolment.status == Enrolment.Status.ACTIVE:
        return enrolment
    if enrolment.is_withdrawn:
        return _after_leaving(request, enrolment)
    return redirect(joining_step(enrolment))


def _by_link_or_answer(request: HttpRequest, admits: Admits) -> Enrolment | HttpResponse:
    enrolment = link_enrolment(request)
    if enrolment is None:
        return redirect_to_login(_way_back(request))
    if enrolment.status != Enrolment.Status.ACTIVE:
        return _code_needed(request, joining_step(enrolment), has_weeks=False)
    if Admits.LINK not in admits:
        return _code_needed(request, _way_back(request))
    return enrolment


def _way_back(request: HttpRequest) -> str:
    """Where to go on after signing in; a form cannot be sent again by following an address."""
    return request.get_full_path() if request.method == "GET" else reverse("portal:home")


def _code_needed(request: HttpRequest, next_page: str, *, has_weeks: bool = True) -> HttpResponse:
    context = {"next_page": next_page, "has_weeks": has_weeks}
    return render(request, "portal/code_needed.html", context, status=403)


def _nothing_here(request: HttpRequest) -> HttpResponse:
    user = request.user
    if isinstance(user, User) and user.works_here():
        return redirect("monitoring:studies")
    return render(request, "portal/nothing_here.html", {"go_on": state.go_on(request)})


def _after_leaving(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    if request.path != reverse("portal:home"):
        return redirect("portal:home")
    context = {
        "enrolment": enrolment,
        "study": enrolment.study,
        "may_ask_deletion": enrolment.withdrawal != Enrolment.Withdrawal.ERASURE
        and can_delete(enrolment, timezone.now()),
    }
    return render(request, "portal/left.html", context)
