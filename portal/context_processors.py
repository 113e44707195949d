"""What every page may say about where it is: the site, the study, who is here."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.access import current_enrolment, holds_link
from studies.models import Study


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """`study` is asked for only by a page that shows it and has none of its own."""
    return {
        "site_name": "Four Weeks",
        "study": SimpleLazyObject(lambda: study_here(request)),
        "signed_in": _is_signed_in(request),
        "is_demo": settings.DEMO,
    }


def _is_signed_in(request: HttpRequest) -> bool:
    # A page of an error in an early middleware has neither.
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated) or (
        hasattr(request, "session") and holds_link(request)
    )


def study_here(request: HttpRequest) -> Study | None:
    """That of the person's own enrolment; else the one study that recruits, if it is one."""
    enrolment = getattr(request, "enrolment", None)
    if enrolment is None and _is_signed_in(request):
        enrolment = current_enrolment(request)
    if enrolment is not None:
        return cast(Study, enrolment.study)
    recruiting = list(Study.objects.recruiting(timezone.now())[:2])
    return recruiting[0] if len(recruiting) == 1 else None
