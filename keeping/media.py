"""The media that the database names, by way of the storage of their fields."""

import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.db.models import FileField
from django.utils.translation import gettext as _

from courses.files import content_hash, media_storage
from keeping import place
from keeping.databases import Query
from keeping.refusing import CannotKeep


def named(query: Query) -> list[str]:
    """By all columns for files of all tables, sorted."""
    found: set[str] = set()
    for table, column in _columns():
        rows = query(f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" <> \'\'')  # noqa: S608
        found |= {name for (name,) in rows}
    return sorted(found)


def _columns() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        for each in model._meta.local_concrete_fields:
            if isinstance(each, FileField):
                yield model._meta.db_table, each.column


def copy(name: str, target: Path) -> str | None:
    """The SHA-256 of what is now in `target`; None, and nothing there, for a medium that has gone
    or is not what it was: its name is its content's digest.
    """
    storage = media_storage()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with storage.open(name, "rb") as medium, target.open("xb") as kept:
            shutil.copyfileobj(medium, kept, 1024 * 1024)
    except FileNotFoundError:
        return None
    digest = digest_of(target)
    if digest == PurePosixPath(name).stem:
        return digest
    target.unlink()
    return None


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return content_hash(file)


def is_empty() -> bool:
    """But for the file that says that a restore is under way."""
    root = Path(settings.MEDIA_ROOT)
    found = (each for each in root.rglob("*") if each != root / place.NAME)
    return not any(each.is_file() or each.is_symlink() for each in found)


def put_back(kept: Path, names: Collection[str]) -> None:
    """From the folder `kept` into MEDIA_ROOT. Raises CannotKeep for one that is not what it was."""
    for name in names:
        with (kept / name).open("rb") as file:
            if media_storage().save(name, File(file)) != name:
                words = _("The medium “%(name)s” of the backup does not have the name it should.")
                raise CannotKeep(words % {"name": name})


def take_away(names: Collection[str]) -> None:
    """Those of them that are there, whole or half, and the folders that held nothing else."""
    root = Path(settings.MEDIA_ROOT)
    for name in names:
        media_storage().delete(name)
        for half in root.glob(f"{name}.*.part"):
            half.unlink()
    for folder in {parent for name in names for parent in PurePosixPath(name).parents}:
        if folder.name:
            with suppress(OSError):
                (root / folder).rmdir()
