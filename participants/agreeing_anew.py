"""Who is asked to agree to a newer version and has not: nothing is recorded of them meanwhile.

So of their weeks it is unknown whether they were used (docs/definitions.md). The rule itself is
`EnrolmentQuerySet.consenting`, for one person; here it is for many at once.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, Min, OuterRef, Q

from participants.models import ConsentAnswer, Enrolment
from participants.models.enrolment import EnrolmentQuerySet
from studies.models import Document, Study
from studies.models.documents import DocumentQuerySet


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """For an answer to `version`; nothing is recorded `since` the first they were asked for."""

    version: int
    since: datetime


def is_asked_anew() -> Q:
    """Of an enrolment that agreed and has not withdrawn."""
    asked = Q(study__in=_asking().values("study"))
    enough = ConsentAnswer.objects.filter(statement__document__in=_enough())
    return asked & ~Q(Exists(enough.filter(enrolment=OuterRef("pk"))))


def asks_anew(study: Study) -> bool:
    """Whether anybody can be: most studies never ask."""
    return _asking().filter(study=study).exists()


def asked_anew(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    return enrolments.current().filter(is_asked_anew())


def waiting(enrolment: Enrolment) -> Waiting | None:
    """None for whom recording does not wait."""
    if not asked_anew(Enrolment.objects.filter(pk=enrolment.pk)).exists():
        return None
    answers = ConsentAnswer.objects.filter(enrolment=enrolment)
    agreed = answers.aggregate(version=Max("statement__document__version"))["version"] or 0
    asked = asked_of(enrolment).filter(version__gt=agreed)
    found = asked.aggregate(version=Max("version"), since=Min("published_at"))
    return Waiting(**found)


def asked_of(enrolment: Enrolment) -> DocumentQuerySet:
    """The versions of their study that ask everybody anew, in order."""
    return _asking().filter(study=enrolment.study_id).order_by("version")


def _agreed_to() -> DocumentQuerySet:
    return Document.objects.agreed_to().published().order_by()


def _asking() -> DocumentQuerySet:
    return _agreed_to().filter(requires_new_consent=True)


def _enough() -> DocumentQuerySet:
    """The versions after which none asks anew."""
    later = _asking().filter(study=OuterRef("study"), version__gt=OuterRef("version"))
    return _agreed_to().filter(~Exists(later))
