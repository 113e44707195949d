"""Publishing, and beginning anew from what is published."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from courses.models import Course, Edition, Material, Module
from courses.publishing.lacking import Lack, lacks


class CannotPublish(Exception):
    """`lacks`: all that is missing, at least one. As text, the sentence of the first."""

    def __init__(self, missing: list[Lack]) -> None:
        self.lacks = missing
        super().__init__(missing[0].sentence)


class CannotDraft(Exception):
    """Holds the sentence that says why there can be no new draft now."""


@transaction.atomic
def publish_edition(*, edition: Edition, now: datetime) -> Edition:
    """Freeze `edition` and all below it; the database keeps it so from here on.

    An edition that is published already is returned as it is. Raises CannotPublish where something
    is missing that people would look for, such as a week or the captions of a film.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.state == Edition.State.PUBLISHED:
        return edition
    check_publishable(edition)
    edition.state = Edition.State.PUBLISHED
    edition.published_at = now
    edition.save(update_fields=["state", "published_at"])
    return edition


def check_publishable(edition: Edition) -> None:
    """Raises CannotPublish where something is missing."""
    if missing := lacks(edition):
        raise CannotPublish(missing)


@transaction.atomic
def new_draft(*, course: Course, now: datetime) -> Edition:
    """A draft that begins as a copy of the newest published edition, or empty where there is none.

    The copies share their media files. Raises CannotDraft where the course has a draft already.
    """
    Course.objects.select_for_update().get(pk=course.pk)
    published = course.editions.published().first()
    check_no_draft(course)
    draft = Edition.objects.create(course=course, number=next_number(course), created_at=now)
    if published:
        _copy_below(published, draft)
    return draft


def check_no_draft(course: Course) -> None:
    """Raises CannotDraft where there is one."""
    if course.editions.drafts().exists():
        raise CannotDraft(_("This course has a draft already. Publish it or delete it first."))


def next_number(course: Course) -> int:
    newest = course.editions.first()
    return newest.number + 1 if newest else 1


def _copy_below(published: Edition, draft: Edition) -> None:
    for module in published.modules.all():
        _copy_module(module, draft)
    for companion in published.companions.all():
        companion.pk = None
        companion.edition = draft
        companion.save(force_insert=True)


def _copy_module(module: Module, draft: Edition) -> None:
    materials = list(module.materials.all())
    module.pk = None
    module.edition = draft
    module.save(force_insert=True)
    copies: dict[int, Material] = {}
    for material in materials:
        original, alternative_to = material.pk, material.alternative_to_id
        material.pk = None
        material.module = module
        material.alternative_to = None
        material.save(force_insert=True)
        copies[original] = material
        material.alternative_to_id = alternative_to
    for material in copies.values():
        if material.alternative_to_id:
            material.alternative_to = copies[material.alternative_to_id]
            material.save(update_fields=["alternative_to"])


def note_edit(*, edition: Edition, now: datetime) -> None:
    """Say that a draft holds work of somebody's hand, which loading a folder must not undo."""
    Edition.objects.drafts().filter(pk=edition.pk).update(edited_at=now)
