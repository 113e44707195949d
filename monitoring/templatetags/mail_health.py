"""The strip that says on every staff page how the mail is."""

from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from monitoring.access import studies_of
from monitoring.health import look_if_red
from participants.models import User
from scheduling import timetable, watch_words
from scheduling.watch import mail_health
from studies.models import Study

register = template.Library()


@register.inclusion_tag("monitoring/parts/mail_strip.html", takes_context=True)
def mail_strip(context: template.Context) -> dict[str, Any]:
    """Times are in `zone`, if the page has one, else in that of the reader's studies."""
    return _words(context)


@register.inclusion_tag("monitoring/parts/mail_notice.html", takes_context=True)
def mail_notice(context: template.Context) -> dict[str, Any]:
    """The same in the admin's own look, and only if something is wrong."""
    return _words(context)


def _words(context: template.Context) -> dict[str, Any]:
    user = context["request"].user
    if not isinstance(user, User):
        return {}
    zone = ZoneInfo(timetable.known_or_utc(context.get("zone") or _zone_of(user)))
    health = mail_health(timezone.now())
    # Not before this request's own work is done: whoever looks has a connection of their own.
    transaction.on_commit(lambda: look_if_red(health))
    return {
        "health": health,
        "complaints": watch_words.complaints(health, zone),
        "meaning": watch_words.meaning(),
        "first_step": watch_words.first_step(),
        "zone": zone.key,
    }


def _zone_of(user: User) -> str:
    """That of the reader's studies or, for an editor who has none, of all; UTC if they differ."""
    zones = _zones(studies_of(user)) or _zones(Study.objects.all())
    return zones.pop() if len(zones) == 1 else "UTC"


def _zones(studies: "QuerySet[Study]") -> set[str]:
    return set(studies.values_list("default_zone", flat=True))
