"""What is kept for good names nobody, as far as a machine can tell.

An address is recognised by its @. A name that was typed is known to those alone who may look up who
somebody is, so for others nothing is compared: a refusal would tell them the name.
"""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from monitoring.access import ResearcherRequest
from participants.models import ConsentSignature, Enrolment

NAMES_NOBODY = _("This is kept for good, so it may name nobody. Leave out addresses and names.")


def names_known_to(request: ResearcherRequest, person: Enrolment) -> list[str]:
    if not request.rights.identity:
        return []
    signatures = ConsentSignature.objects.filter(enrolment=person)
    return list(signatures.values_list("typed_name", flat=True))


def names_somebody(written: str, names: Collection[str] = ()) -> bool:
    folded = " ".join(written.casefold().split())
    known = (" ".join(name.casefold().split()) for name in names)
    return "@" in written or any(name in folded for name in known if name)
