"""Who may look at a study, and what more each of them may."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from monitoring.access import ResearcherRequest
from monitoring.person.told_staff import names_of
from participants.models import StudyResearcher
from studies.models import Study


class Researcher(NamedTuple):
    """`who` is an address to those alone who may look up who somebody is."""

    who: str
    may: str


def researchers_of(study: Study, request: ResearcherRequest) -> list[Researcher]:
    """Those named for this study. A superuser sees every study and is named for none."""
    rows = list(study.researchers.order_by("pk"))
    names = names_of({row.user_id for row in rows}, request)
    return [Researcher(names[row.user_id], _may(row)) for row in rows]


def _may(row: StudyResearcher) -> str:
    held = [
        _("sees people by code"),
        _("manages the study") if row.manages else "",
        _("may look up who somebody is") if row.sees_identity else "",
        _("sees arms") if row.sees_arm else "",
    ]
    return ", ".join(filter(None, held))
