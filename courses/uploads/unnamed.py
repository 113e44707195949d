"""Lets go of media that no row names: of forms never saved, and of drafts that were deleted."""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.apps import apps
from django.core.cache import cache
from django.db import models

from courses.files import FOLDER, media_storage
from courses.models import StoredFile

logger = logging.getLogger(__name__)
# Longer than any form is open, and than a token of `courses.uploads.kept` counts.
AFTER = timedelta(days=2)
_EVERY = timedelta(hours=1)
# Ours, whole or on their way in or out. What else lies there is left alone.
_OURS = re.compile(r"([0-9a-f]{64}\.[a-z0-9]+)(\.[0-9a-f]{32}\.(?:part|going))?")


def let_go_of_unnamed(*, now: datetime) -> None:
    """Once an hour, whoever asks how often."""
    if cache.add("courses.unnamed", now.isoformat(), _EVERY.total_seconds()):
        remove_unnamed(now=now)


def remove_unnamed(*, now: datetime) -> int:
    """How many files went. One that came, or was chosen again, less than AFTER ago stays.

    So does one that this database neither took in nor ever named: it may be another's, of which
    this one is an older copy, or whose folder it was shown by mistake.
    """
    folder = Path(media_storage().path(FOLDER))
    if not folder.is_dir():
        return 0
    _put_back(folder, now)
    old = {path: _name(path) for path in folder.iterdir() if _is_ours(path) and _is_old(path, now)}
    whole = {path: name for path, name in old.items() if path.name == _base(path)}
    named = names()
    known = _known(named)
    removed = sum(_remove(path, now) for path, name in whole.items() if name in known - named)
    removed += sum(_remove_broken(path) for path in old.keys() - whole.keys())
    if removed:
        logger.info("%d media that nothing names were removed", removed)
    if strange := set(whole.values()) - known:
        logger.info("%d media are left alone: this database knows nothing of them", len(strange))
    return removed


def _known(named: set[str]) -> set[str]:
    """What was taken in or ever named here; from now on also what is `named`."""
    noted = set(StoredFile.objects.values_list("name", flat=True))
    new = [StoredFile(name=name) for name in named - noted]
    StoredFile.objects.bulk_create(new, ignore_conflicts=True)
    return noted | named


def _put_back(folder: Path, now: datetime) -> None:
    """What was taken aside by somebody who was then stopped: a row may name it."""
    for path in folder.glob("*.going"):
        whole = path.with_name(_base(path)) if _is_ours(path) else path
        was_left = now.timestamp() - path.stat().st_ctime > _EVERY.total_seconds()
        if was_left and not whole.exists():
            path.rename(whole)


def names() -> set[str]:
    """Every file that any row of any table names."""
    return {
        name
        for model, field in file_fields()
        for name in model._base_manager.values_list(field.name, flat=True).distinct()
        if name
    }


def file_fields() -> Iterator[tuple[type[models.Model], models.FileField]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                yield model, field


def _remove(path: Path, now: datetime) -> bool:
    """Taken aside first: meanwhile somebody may have chosen that content again, and have been told
    that it is here.
    """
    aside = path.with_name(f"{_base(path)}.{uuid4().hex}.going")
    path.rename(aside)
    if _is_old(aside, now, renamed=True) and _name(path) not in names():
        aside.unlink()
        StoredFile.objects.filter(name=_name(path)).delete()
        return True
    aside.rename(path)
    return False


def _remove_broken(path: Path) -> bool:
    """Half a copy, or one whose whole is back in its place."""
    path.unlink()
    return True


def _is_ours(path: Path) -> bool:
    return _OURS.fullmatch(path.name) is not None and path.is_file()


def _base(path: Path) -> str:
    match = _OURS.fullmatch(path.name)
    assert match is not None  # only such are asked about
    return match[1]


def _name(path: Path) -> str:
    return f"{FOLDER}/{_base(path)}"


def _is_old(path: Path, now: datetime, *, renamed: bool = False) -> bool:
    """By the later of its two times: a copy that was put back may have kept its first one."""
    said = path.stat()
    last = said.st_mtime if renamed else max(said.st_mtime, said.st_ctime)
    return now.timestamp() - last > AFTER.total_seconds()
