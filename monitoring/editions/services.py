"""An edition is published, and given to the new people of the studies that were chosen for it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from courses.models import Edition
from courses.services import publish_edition
from monitoring.editions.audience import may_choose
from monitoring.models import StaffAction
from monitoring.settings_pages.records import kept_of, locked
from participants.models import User
from studies.models import Study


class ChangedMeanwhile(Exception):
    """The draft is not what was shown to whoever publishes it."""


def version_of(edition: Edition) -> str:
    """Another after each change of the draft."""
    moments = (edition.created_at, edition.edited_at)
    return " ".join(moment.isoformat() for moment in moments if moment)


@transaction.atomic
def publish_and_give(
    *, edition: Edition, shown: str, studies: Collection[Study], by: User, now: datetime
) -> Edition:
    """Publish `edition`, and from now on give it to new people of `studies`; all or nothing.

    Raises ChangedMeanwhile where the draft is no longer of the version `shown`, CannotPublish where
    something is missing in it. Studies for which `by` may not choose are left as they are.
    """
    draft = Edition.objects.select_for_update().select_related("course").get(pk=edition.pk)
    if draft.state == Edition.State.DRAFT and version_of(draft) != shown:
        raise ChangedMeanwhile
    published = publish_edition(edition=draft, now=now)
    for study in studies:
        _give(published, locked(study), by, now)
    return published


def _give(edition: Edition, study: Study, by: User, now: datetime) -> None:
    if study.edition.course_id != edition.course_id or not may_choose(study, edition, by):
        return
    before, study.edition = study.edition, edition
    study.save(update_fields=["edition"])
    was_and_is = kept_of(str(before), str(edition))
    StaffAction.objects.create(
        study=study,
        by=by,
        kind=StaffAction.Kind.SETTINGS,
        details={
            "section": "weeks",
            "fields": ["edition"],
            "was": dict(zip(["edition"], was_and_is[:1], strict=False)),
            "is": dict(zip(["edition"], was_and_is[1:], strict=False)),
        },
        at=now,
    )
