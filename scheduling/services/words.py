"""Wordings: the words a study starts with, and every version after them."""

from datetime import datetime

from django.db import transaction

from scheduling.instants import needs_instants
from scheduling.models import Kind, Wording
from scheduling.wordings import default_words
from studies.models import Study


class WrittenMeanwhile(Exception):
    """Another version was saved since these words were looked at; `newest` is that one."""

    def __init__(self, newest: Wording) -> None:
        super().__init__(f"{newest} was saved meanwhile")
        self.newest = newest


@needs_instants
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


@needs_instants
@transaction.atomic
def write_wording(*, wording: Wording, version: int, now: datetime) -> Wording:
    """Save new words as `version`, the number under which their editor saw them last.

    The very words that are in use already are no new version: then that one is given back. Raises
    `WrittenMeanwhile` where that is not the next number any more, `ValidationError` for words that
    could not be sent. Mails that are being sent keep the words they were begun with.
    """
    install_wordings(study=wording.study, now=now)
    Study.objects.select_for_update(no_key=True).get(pk=wording.study_id)
    newest = Wording.objects.in_use(wording.study_id, wording.kind)
    if wording.says_the_same_as(newest):
        return newest
    if newest.version + 1 != version:
        raise WrittenMeanwhile(newest)
    wording.version, wording.created_at = version, now
    wording.full_clean()
    wording.save(force_insert=True)
    return wording
