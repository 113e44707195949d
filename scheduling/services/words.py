"""Wordings: the words a study starts with."""

from datetime import datetime

from scheduling.models import Kind, Wording
from scheduling.wordings import default_words
from studies.models import Study


def install_wordings(*, study: Study, now: datetime) -> None:
    """The default words as version 1, for each kind of mail that has none. Safe to repeat."""
    present = set(Wording.objects.filter(study=study).values_list("kind", flat=True))
    Wording.objects.bulk_create(
        [
            Wording(study=study, kind=kind, version=1, created_at=now, **default_words(kind))
            for kind in Kind.values
            if kind not in present
        ],
        ignore_conflicts=True,
    )
