"""Who may join, decided from yes-or-no answers that are never stored with a person."""

import re
from collections.abc import Mapping, Sequence

from django.utils.text import slugify

from studies.models import EligibilityCriterion

_HOLDS_AN_ADDRESS = re.compile("@|%40", flags=re.IGNORECASE)


def first_unmet(
    criteria: Sequence[EligibilityCriterion], answers: Mapping[str, bool]
) -> EligibilityCriterion | None:
    """The first criterion whose answer (by key; yes is True) does not let a person in, or None.

    A criterion without an answer is neither met nor unmet.
    """
    return next(
        (
            criterion
            for criterion in criteria
            if answers.get(criterion.key, criterion.admits_yes) != criterion.admits_yes
        ),
        None,
    )


def clean_source(text: str) -> str:
    """A recruitment source as it is stored: a slug of at most 50 characters, or empty.

    It comes from an address that anybody can type, so nothing of it is taken on trust. What names a
    person, as a newsletter’s link may be filled in with, is no source: it would be kept for good.
    """
    return "" if _HOLDS_AN_ADDRESS.search(text) else slugify(text)[:50].strip("-")
