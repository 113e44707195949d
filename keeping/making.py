"""A backup: written beside its place, for its owner's eyes alone, and there whole or not at all."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django.db
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from keeping import databases, manifest, media, versions
from keeping.databases import Query
from keeping.manifest import Manifest
from keeping.refusing import CannotKeep, why

_BEING_MADE = ".being-made"
# Longer than a backup takes, and shorter than the time between two nights.
_GIVEN_UP_AFTER = timedelta(hours=12)


def make(place: Path, *, now: datetime) -> Manifest:
    """Raises CannotKeep, and leaves nothing behind then. Media that are gone are named in it."""
    _refuse_taken(place)
    try:
        _remove_given_up(place.absolute().parent, now)
        with _beside(place) as making:
            made = _make(making, now)
            making.rename(place)
    except (OSError, django.db.Error, sqlite3.Error) as error:
        words = _("“%(place)s” could not be written: %(why)s.")
        raise CannotKeep(words % {"place": place, "why": why(error)}) from error
    return made


def _make(making: Path, now: datetime) -> Manifest:
    database = making / databases.file_name()
    with databases.dumped(database) as query:
        migrations = versions.applied(query)
        kept = _media(query, making)
    made = Manifest(
        version=settings.APP_VERSION,
        made_at=f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        engine=connection.vendor,
        migrations=migrations,
        files={
            database.name: media.digest_of(database),
            **{f"media/{name}": digest for name, digest in kept.items() if digest},
        },
        missing=[name for name, digest in kept.items() if not digest],
    )
    (making / manifest.NAME).write_text(made.text())
    _to_the_disk(making)
    return made


def _media(query: Query, making: Path) -> dict[str, str | None]:
    """Named within the dump's own moment; none of them is ever overwritten."""
    return {name: media.copy(name, making / "media" / name) for name in media.named(query)}


def _refuse_taken(place: Path) -> None:
    if place.exists() or place.is_symlink():
        words = _("“%(place)s” is there already, and nothing in it was changed. Name a new folder.")
        raise CannotKeep(words % {"place": place})


def _remove_given_up(folder: Path, now: datetime) -> None:
    """Of one that was killed: people live in it who may be erased meanwhile, and nobody sees it."""
    for each in folder.glob(f".*{_BEING_MADE}"):
        if now.timestamp() - each.stat().st_mtime > _GIVEN_UP_AFTER.total_seconds():
            shutil.rmtree(each)


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """On the same disk; gone afterwards unless it was renamed. Modes are 0700 and 0600 within."""
    before = os.umask(0o077)
    try:
        beside = place.absolute().parent
        making = Path(tempfile.mkdtemp(_BEING_MADE, prefix=f".{place.name}.", dir=beside))
        try:
            yield making
        finally:
            shutil.rmtree(making, ignore_errors=True)
    finally:
        os.umask(before)


def _to_the_disk(folder: Path) -> None:
    """Before it bears the name of something whole."""
    for each in (folder, *folder.rglob("*")):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
