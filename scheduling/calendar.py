"""The dates as a calendar file (RFC 5545). Neutral names: others may see a calendar."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils.translation import gettext as _

from participants.models import Enrolment
from scheduling import links
from scheduling.models import Kind, Prompt

_LINE = 75
_LENGTH = "PT30M"


def dates_ics(enrolment: Enrolment) -> str:
    """Every week as an event at its instant in UTC, which calendars show on their own clock."""
    sessions = (
        enrolment.prompts.filter(kind=Kind.SESSION, copy=0)
        .exclude(state=Prompt.State.CANCELLED)
        .order_by("occurrence")
    )
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//four-weeks//dates//EN"]
    for session in sessions:
        lines += _event(enrolment, session)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(enrolment: Enrolment, session: Prompt) -> list[str]:
    made = enrolment.day_chosen_at or enrolment.consented_at or session.due_at
    return [
        "BEGIN:VEVENT",
        f"UID:{_uid(session)}",
        f"DTSTAMP:{_utc(made)}",
        f"DTSTART:{_utc(session.due_at)}",
        f"DURATION:{_LENGTH}",
        f"SUMMARY:{_text(_summary(enrolment, session))}",
        f"URL:{links.page_url('/home/')}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _uid(session: Prompt) -> str:
    """Lasting, so that a calendar knows the week again, and without the person's code."""
    return str(uuid5(NAMESPACE_URL, f"{settings.SITE_URL}/prompts/{session.pk}"))


def _summary(enrolment: Enrolment, session: Prompt) -> str:
    return _("%(study)s, week %(week)d") % {
        "study": enrolment.study.neutral_name,
        "week": session.occurrence,
    }


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    for character in ("\\", ";", ","):
        value = value.replace(character, f"\\{character}")
    return " ".join(value.split())


def _folded(line: str) -> str:
    """Lines of no more than 75 bytes; a continued one begins with a space."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        if len((piece + character).encode()) > _LINE - bool(pieces):
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
