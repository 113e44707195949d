"""One hand at a time on a study's settings, and each change on record."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from monitoring.access import ResearcherRequest
from monitoring.models import StaffAction
from monitoring.unnamed import names_somebody
from participants.models import Enrolment
from studies.models import Study


def locked(study: Study) -> Study:
    """As it is now, and nobody else's to change before this transaction ends. People who are
    joining wait for it too: `participants.joining` takes the same lock, as does a list of those who
    agreed elsewhere, since places are counted. Rows that point to the study are in nobody's way.
    """
    return (
        Study.objects.select_for_update(of=("self",), no_key=True)
        .select_related("edition__course")
        .get(pk=study.pk)
    )


def record(
    request: ResearcherRequest,
    study: Study,
    kind: StaffAction.Kind,
    details: dict[str, Any],
    now: datetime,
) -> None:
    """`details`: names of sections, fields and keys, numbers, and what of a study’s own words
    `kept_of` lets through.
    """
    StaffAction.objects.create(
        study=study,
        by=request.user,
        kind=kind,
        why=_why(request),
        details=details,
        at=now,
    )


def kept_of(was: Any, now: Any) -> list[Any]:
    """Both, as they are kept for good; neither where one of them may name somebody."""
    return [] if any(names_somebody(str(each)) for each in (was, now)) else [was, now]


WHY_LENGTH = 500


def why_of(request: ResearcherRequest) -> str:
    """Without words that name somebody; empty where nothing else was written."""
    why = _written(request)
    kept = " ".join(word for word in why.split() if not names_somebody(word))
    return why if kept == " ".join(why.split()) else kept


def _why(request: ResearcherRequest) -> str:
    """As it is kept; whoever wrote more is told so."""
    kept = why_of(request)
    if kept != _written(request):
        messages.warning(request, _("Why is kept for good, so the address in it was left out."))
    return kept


def _written(request: ResearcherRequest) -> str:
    return request.POST.get("why", "").replace("\0", "").strip()[:WHY_LENGTH]


def joined(study: Study) -> int:
    """How many have agreed to this study, ever; as the overview and its room count them."""
    return Enrolment.objects.counted().filter(study=study).count()


def taking_part(study: Study) -> int:
    """How many have agreed and not withdrawn; test people among them."""
    return Enrolment.objects.current().filter(study=study).count()
