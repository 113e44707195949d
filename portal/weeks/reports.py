"""Reports from the page's own script: what was played or read. See static/js/report.js.

A report is a small JSON object with the page's `token` and a `kind`:

    {"kind": "hello"}                                   playback can be measured here
    {"kind": "play", "uuid", "material", "ago", "position", "seconds", "speed", "resume_at"}
    {"kind": "read" | "read_transcript", "uuid", "material"}

`material` is its key within the week; all numbers are seconds but for `speed`. `ago` is how long
before sending the playing began, so that a device's wrong clock does no harm.

The answer is 403 where the report is not from the participant's own page (signed out, another
origin, forged token, not a report at all), and 204 otherwise, whether or not it was recorded: the
page has nothing to do about it either way.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from courses.models import Material
from participants.models import Engagement, Enrolment, Session
from participants.playback import measurable, record_engagement, record_play
from portal.access import current_enrolment
from portal.weeks import tokens

LARGEST = 4096  # bytes
LONGEST = 31 * 24 * 60 * 60  # seconds


class NotAReport(Exception):
    """Whatever was sent, the page's script did not write it."""


@csrf_exempt
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Exempt because a beacon has no headers; the token and the origin are checked instead."""
    now = timezone.now()  # first of all: what is told from it is as old as the report
    try:
        data = _data(request)
        session = _session(request, data, now)
        _RECORDERS[str(data.get("kind"))](session, data, now)
    except (NotAReport, KeyError):
        return HttpResponse(status=403)
    return HttpResponse(status=204)


def _data(request: HttpRequest) -> dict[str, Any]:
    if not _is_from_here(request) or _length(request) > LARGEST:
        raise NotAReport
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise NotAReport from error
    if not isinstance(data, dict):
        raise NotAReport
    return data


def _length(request: HttpRequest) -> int:
    """As the sender says, in bytes; servers pass on whatever stood in the header."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as error:
        raise NotAReport from error


def _is_from_here(request: HttpRequest) -> bool:
    """By what browsers say of themselves; one that says nothing still needs the token."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def _session(request: HttpRequest, data: dict[str, Any], now: datetime) -> Session:
    """The session of the page, if it is the sender's own and has opened."""
    enrolment = current_enrolment(request)
    session_id = tokens.session_id(data.get("token"))
    if enrolment is None or enrolment.status != Enrolment.Status.ACTIVE or session_id is None:
        raise NotAReport
    sessions = Session.objects.open(now).select_related("module")
    session = sessions.filter(pk=session_id, enrolment=enrolment).first()
    if session is None:
        raise NotAReport
    session.enrolment = enrolment
    return session


def _hello(session: Session, data: dict[str, Any], now: datetime) -> None:
    measurable(session=session, now=now)


def _play(session: Session, data: dict[str, Any], now: datetime) -> None:
    record_play(
        session=session,
        material=_material(session, data),
        uuid=_uuid(data),
        started_at=now - timedelta(seconds=_number(data, "ago")),
        position=_number(data, "position"),
        seconds=_number(data, "seconds"),
        speed=_number(data, "speed"),
        resume_at=_number(data, "resume_at"),
        now=now,
    )


def _reading(session: Session, data: dict[str, Any], now: datetime) -> None:
    record_engagement(
        session=session,
        material=_material(session, data),
        kind=Engagement.Kind(data["kind"]),
        uuid=_uuid(data),
        now=now,
    )


_RECORDERS: dict[str, Callable[[Session, dict[str, Any], datetime], None]] = {
    "hello": _hello,
    "play": _play,
    "read": _reading,
    "read_transcript": _reading,
}


def _material(session: Session, data: dict[str, Any]) -> Material:
    """Looked for among the week's few, so that no odd text reaches the database."""
    key = data.get("material")
    for material in session.module.materials.defer("body", "transcript", "chapters"):
        if material.key == key:
            return material
    raise NotAReport


def _uuid(data: dict[str, Any]) -> UUID:
    try:
        return UUID(data["uuid"])
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise NotAReport from error


def _number(data: dict[str, Any], name: str) -> float:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotAReport
    if not 0 <= value <= LONGEST:  # neither is NaN
        raise NotAReport
    return float(value)
