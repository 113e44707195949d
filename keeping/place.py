"""Where a restore writes: MEDIA_ROOT, and a file in it that says which backup is being put back.

One restore at a time holds that file, and its pg_restore with it. What stands in it outlives a
restore that was killed, so that the next one knows what that one left.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from keeping import manifest
from keeping.manifest import Manifest
from keeping.refusing import CannotKeep

NAME = ".restoring"


class Place:
    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self.handle = handle
        """Whoever has it open holds the place, though the restore itself be killed."""

    def left(self) -> Manifest | None:
        """The backup that a killed restore was putting back; None where nothing of one is here."""
        return manifest.parsed(self._path.read_text(errors="replace"))

    def begin(self, made: Manifest) -> None:
        """On the disk before the first medium is."""
        self._path.write_text(made.text())
        os.fsync(self.handle)

    def clear(self) -> None:
        """Nothing of one is here any more."""
        os.truncate(self._path, 0)

    def end(self) -> None:
        """All of it is here, or nothing; in one step, since what a killed one says counts."""
        self._path.unlink()


@contextmanager
def held() -> Iterator[Place]:
    """For one restore at a time: of two, the one that fails would take away what the other put
    back. Raises CannotKeep.
    """
    path = Path(settings.MEDIA_ROOT) / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _hold(handle)
        try:
            yield Place(path, handle)
        finally:
            said = os.fstat(handle)
            if said.st_nlink and not said.st_size:
                path.unlink()
    finally:
        os.close(handle)


def _hold(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        another = not os.fstat(handle).st_nlink  # it ended between our opening it and this
    except BlockingIOError:
        another = True
    if another:
        words = _(
            "Another restore into this MEDIA_ROOT is under way, and nothing was changed. One that "
            "was killed can go on for a while: wait until its pg_restore has ended."
        )
        raise CannotKeep(words)
