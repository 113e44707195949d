"""A backup put back: looked at as a whole first, and then all of it or nothing."""

from datetime import datetime
from pathlib import Path, PurePosixPath

import django.db
from django.utils.translation import gettext as _

from keeping import databases, manifest, media, place, versions
from keeping.manifest import Manifest
from keeping.place import Place
from keeping.refusing import CannotKeep, why


def restore(folder: Path) -> Manifest:
    """Into an empty database and an empty MEDIA_ROOT. Raises CannotKeep, both being empty then.
    After one that was killed it begins anew, or ends what was all but done.
    """
    made = manifest.read(folder)
    versions.check(made)
    try:
        with place.held() as here:
            if not _is_whole(here, made):
                _make_room(here)
                _check_files(folder, made)
                _put_back(folder, made, here)
            here.end()
    except (OSError, django.db.Error) as error:
        words = _("The backup was not restored: %(why)s.")
        raise CannotKeep(words % {"why": why(error)}) from error
    return made


def _is_whole(here: Place, made: Manifest) -> bool:
    """Whether a restore of this very backup was killed when nothing more was to do: the database
    comes last, and at once. One that was made here meanwhile is younger than the backup.
    """
    if here.left() != made or databases.is_empty():
        return False
    return databases.made_at() < datetime.fromisoformat(made.made_at)


def _put_back(folder: Path, made: Manifest, here: Place) -> None:
    """The database last: once it is there, all is."""
    try:
        here.begin(made)
        media.put_back(folder / "media", made.media())
        databases.restore(folder / databases.file_name(), handle=here.handle)
    except BaseException:
        if databases.is_empty():
            media.take_away(made.media())
            here.clear()
        raise


def _make_room(here: Place) -> None:
    """What a killed one left goes; anything else is somebody's."""
    if not databases.is_empty():
        raise CannotKeep(
            _(
                "The database that DATABASE_URL names is not empty, and nothing in it was changed. "
                "Name an empty one."
            )
        )
    left = here.left()
    if left is not None:
        media.take_away(left.media())
        here.clear()
    if not media.is_empty():
        raise CannotKeep(
            _("MEDIA_ROOT is not empty, and nothing in it was changed. Name an empty folder.")
        )


def _check_files(folder: Path, made: Manifest) -> None:
    for name, digest in made.files.items():
        path, said = folder / name, PurePosixPath(name)
        if said.is_absolute() or ".." in said.parts:
            raise manifest.damaged(folder)
        if not path.is_file():
            words = _("The backup is not whole: “%(name)s” is missing. Take another.")
            raise CannotKeep(words % {"name": name})
        if media.digest_of(path) != digest:
            words = _("The backup is damaged: “%(name)s” is not what it was. Take another.")
            raise CannotKeep(words % {"name": name})
