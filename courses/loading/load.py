"""From a folder to an edition: all of it, or nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from courses.loading.folder import read_folder
from courses.loading.parts import ReadCourse, ReadMaterial, ReadWeek
from courses.loading.problems import CourseFolderError
from courses.models import Companion, Course, Edition, Material, Module
from courses.services import check_no_draft, next_number, publish_edition
from courses.taking_in import take_in


@dataclass(frozen=True)
class Loaded:
    """The edition that holds the folder's content; `created` if it did not before this call,
    `published` if it was not published before this call.
    """

    edition: Edition
    created: bool
    published: bool


def load_course(folder: Path, *, publish: bool, now: datetime) -> Loaded:
    """Read `folder` into its course.

    The same content as the newest edition that was read from a folder: no new edition. Changed
    content: a new draft, in the place of the last draft. The course's own facts (title, summary,
    licence ...) follow the folder each time. Raises CourseFolderError, with nothing changed.
    """
    read = read_folder(folder)
    digest = read.content_hash()
    stored = _stored_ahead(read, digest)
    with transaction.atomic():
        course = _course(read)
        newest = _loaded(course)
        created = newest is None or newest.content_hash != digest
        # Nothing is stored yet where somebody else loaded other content just now.
        edition = (
            _write_draft(course, read, stored or _stored(read), now, digest=digest)
            if created
            else newest
        )
        assert edition is not None  # `created` is true where there was none
        published = publish and edition.state == Edition.State.DRAFT
        if publish:
            _check_unedited(edition)
            edition = publish_edition(edition=edition, now=now)
    return Loaded(edition, created, published)


def write_new_draft(*, read: ReadCourse, now: datetime) -> Edition:
    """What was read, as a new draft of its course, which is made where there is none.

    The facts of a course that is there stay as they are: people see them at once, and a draft they
    do not. It counts as work of somebody's hand: no folder that is loaded later takes its place, or
    is held to have been loaded before. Raises CannotDraft where there is a draft, with nothing
    changed.
    """
    facts = asdict(read.facts)
    slug = facts.pop("slug")
    for known in Course.objects.filter(slug=slug):
        check_no_draft(known)
    stored = _stored(read)  # ahead of the lock, as above
    with transaction.atomic():
        course, _created = Course.objects.get_or_create(slug=slug, defaults=facts)
        Course.objects.select_for_update().get(pk=course.pk)
        check_no_draft(course)
        return _write_draft(course, read, stored, now, edited_at=now)


def _loaded(course: Course) -> Edition | None:
    """The newest edition that was read from a folder."""
    return course.editions.exclude(content_hash="").first()


def _stored_ahead(read: ReadCourse, digest: str) -> dict[Path, str]:
    """Before anything is locked: films take their time, and with SQLite nobody else could write
    meanwhile. Nothing for a folder that is loaded already. Raises CourseFolderError for a draft
    that stays as it is.
    """
    for course in Course.objects.filter(slug=read.facts.slug):
        newest = _loaded(course)
        if newest and newest.content_hash == digest:
            return {}
        for draft in course.editions.drafts():
            _check_unedited(draft)
    return _stored(read)


def _stored(read: ReadCourse) -> dict[Path, str]:
    """By its path, what each medium is called in the storage."""
    paths = (
        path
        for week in read.weeks
        for material in week.materials
        for path in (material.file, material.captions, material.poster)
    )
    return {path: _store(path) for path in dict.fromkeys(paths) if path}


def _store(path: Path) -> str:
    with path.open("rb") as content:
        return take_in(File(content), called=path.name)


def _course(read: ReadCourse) -> Course:
    """The course's row, with the folder's facts, locked until the edition is written."""
    facts = asdict(read.facts)
    course, _created = Course.objects.update_or_create(slug=facts.pop("slug"), defaults=facts)
    return Course.objects.select_for_update().get(pk=course.pk)


def _write_draft(
    course: Course,
    read: ReadCourse,
    stored: dict[Path, str],
    now: datetime,
    *,
    digest: str = "",
    edited_at: datetime | None = None,
) -> Edition:
    # Locked as by who writes in it, so that none of their words goes with the draft.
    draft = course.editions.drafts().select_for_update().first()
    if draft is None:
        draft = Edition(course=course, number=next_number(course))
    else:
        _check_unedited(draft)
        draft.modules.all().delete()
        draft.companions.all().delete()
    draft.content_hash = digest
    draft.created_at = now
    draft.edited_at = edited_at
    draft.save()
    for week in read.weeks:
        _write_week(week, draft, stored)
    for companion in read.companions:
        Companion.objects.create(edition=draft, **asdict(companion))
    return draft


def _check_unedited(edition: Edition) -> None:
    if edition.state == Edition.State.DRAFT and edition.edited_at is not None:
        sentence = _(
            "The draft, edition %d, was edited by hand. Publish it or delete it, then load again."
        )
        raise CourseFolderError([sentence % edition.number])


def _write_week(week: ReadWeek, edition: Edition, stored: dict[Path, str]) -> None:
    module = Module.objects.create(
        edition=edition,
        week=week.week,
        title=week.title,
        aim=week.aim,
        introduction=week.introduction,
        practice=week.practice,
    )
    rows = {
        read.key: _write_material(read, module, position, stored)
        for position, read in enumerate(week.materials, 1)
    }
    for read in week.materials:
        if read.alternative_to:
            rows[read.key].alternative_to = rows[read.alternative_to]
            rows[read.key].save(update_fields=["alternative_to"])


def _write_material(
    read: ReadMaterial, module: Module, position: int, stored: dict[Path, str]
) -> Material:
    material = Material(
        module=module,
        position=position,
        key=read.key,
        kind=read.kind,
        title=read.title,
        summary=read.summary,
        body=read.body,
        transcript=read.transcript,
        chapters=read.chapters,
        duration=read.duration,
        file_size=read.file.stat().st_size if read.file else 0,
    )
    for field in ("file", "captions", "poster"):
        path: Path | None = getattr(read, field)
        if path is not None:
            setattr(material, field, stored[path])
    material.save()
    return material
