"""An export as a folder, which is there whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from monitoring.export.making import Export


class CannotWrite(Exception):
    """Why the folder cannot be had; `message` says so, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def write(export: Export, out: Path) -> None:
    """Within a `snapshot`. Raises CannotWrite, with nothing left behind."""
    refuse_taken(out)
    try:
        with _beside(out) as making:
            for name, content in export.files():
                _write(making / name, content)
            making.rename(out)
    except OSError as error:
        said = _("“%(out)s” could not be written: %(why)s.")
        raise CannotWrite(said % {"out": out, "why": error.strerror or error}) from error


def refuse_taken(out: Path) -> None:
    """Raises CannotWrite where something is there already. An empty folder is nothing."""
    if out.is_dir() and not any(out.iterdir()):
        return
    if out.exists() or out.is_symlink():
        said = _("“%(out)s” is there already, and nothing in it was changed. Name a new folder.")
        raise CannotWrite(said % {"out": out})


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder that only we may read, on the same disk; gone afterwards unless it was renamed."""
    place = Path(os.path.abspath(out))  # noqa: PTH100 - a link in it is followed by nobody
    making = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _write(path: Path, content: Iterator[bytes]) -> None:
    with path.open("xb") as file:
        for piece in content:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
