"""One person by code, without a column that says who they are; with the arm for some."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from monitoring.access import ResearcherRequest
from participants.models import Enrolment
from scheduling import timetable
from scheduling.models import Rhythm
from studies.models import Study

_PRIVATE = ("withdrawal_reason",)

PersonView = Callable[..., HttpResponseBase]


def person_named(view: PersonView) -> Callable[..., HttpResponseBase]:
    """The address names a person of the study by `code`; the view is given the enrolment."""

    @wraps(view)
    def guarded(
        request: ResearcherRequest, study: Study, /, *args: Any, code: str, **kwargs: Any
    ) -> HttpResponseBase:
        people = Enrolment.objects.filter(study=study).select_related("rhythm", "edition")
        seen = people.select_related("arm") if request.rights.arm else people.defer("arm")
        person = get_object_or_404(seen.defer(*_PRIVATE), code=code.upper())
        person.study = study
        return view(request, person, *args, **kwargs)

    return guarded


def rhythm_of(person: Enrolment) -> Rhythm | None:
    found: Rhythm | None = getattr(person, "rhythm", None)
    return found


def zone_of(person: Enrolment) -> str:
    """The person's own, or the study's while (or once) there is none that is known."""
    rhythm = rhythm_of(person)
    own = [rhythm.zone] if rhythm is not None else []
    return timetable.known_or_utc(*own, person.study.default_zone)
