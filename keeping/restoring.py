"""A backup put back: looked at as a whole first, and then all of it or nothing."""

from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from keeping import databases, manifest, media, versions
from keeping.manifest import Manifest
from keeping.refusing import CannotKeep


def restore(folder: Path) -> Manifest:
    """Into an empty database and an empty MEDIA_ROOT. Raises CannotKeep, both being empty then."""
    made = manifest.read(folder)
    versions.check(made)
    try:
        with media.held():
            _refuse_taken()
            _check_files(folder, made)
            _put_back(folder, made)
    except OSError as error:
        words = _("The backup was not restored: %(why)s.")
        raise CannotKeep(words % {"why": error.strerror or error}) from error
    return made


def _put_back(folder: Path, made: Manifest) -> None:
    """The database last: once it is there, all is."""
    names = [name.removeprefix("media/") for name in made.files if name.startswith("media/")]
    try:
        media.put_back(folder / "media", names)
        databases.restore(folder / databases.file_name())
    except BaseException:
        media.take_away(names)
        raise


def _refuse_taken() -> None:
    if not databases.is_empty():
        raise CannotKeep(
            _(
                "The database that DATABASE_URL names is not empty, and nothing in it was changed. "
                "Name an empty one."
            )
        )
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
