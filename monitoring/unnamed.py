"""What is kept for good names nobody, as far as a machine can tell.

An address is recognised by its @. A name that was typed is known to those alone who may look up who
somebody is, so for others nothing is compared: a refusal would tell them the name.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from monitoring.access import ResearcherRequest
from monitoring.models import AccessLog
from participants.models import ConsentSignature, Enrolment

NAMES_NOBODY = _("This is kept for good, so it may name nobody. Leave out addresses and names.")


def names_somebody(written: str) -> bool:
    return "@" in written


def names_them(
    request: ResearcherRequest, person: Enrolment, written: str, *, now: datetime
) -> bool:
    """Whoever is refused for the name that was typed learns by it whose code this is: that is a
    look, and is recorded, without what was written.
    """
    if names_somebody(written):
        return True
    is_named = any(_holds(written, each) for each in _names_known_to(request, person))
    if is_named:
        AccessLog.objects.create(by=request.user, enrolment=person, at=now, why="")
    return is_named


def _names_known_to(request: ResearcherRequest, person: Enrolment) -> Iterator[str]:
    if request.rights.identity:
        signatures = ConsentSignature.objects.filter(enrolment=person)
        yield from filter(None, map(_folded, signatures.values_list("typed_name", flat=True)))


def _holds(written: str, name: str) -> bool:
    """As words of its own: Al is not named by “all”."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", _folded(written)) is not None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
