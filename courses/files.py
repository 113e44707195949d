"""Where media lie: outside the web root, named by their content, never overwritten."""

import hashlib
import os
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage

PIECE = 1024 * 1024
FOLDER = "courses"  # below MEDIA_ROOT


class ContentNamedStorage(FileSystemStorage):
    """Keeps a file as `<folder>/<SHA-256><suffix>`; one that is there already is that content."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        wanted = PurePosixPath(name)
        final = str(wanted.with_name(content_hash(content) + wanted.suffix.lower()))
        if not self.touched(final):
            # A copy that is broken off must not stand under the name of the whole.
            part = super()._save(f"{final}.{uuid4().hex}.part", content)  # type: ignore[misc]
            Path(self.path(part)).replace(self.path(final))
        return final

    def touched(self, name: str) -> bool:
        """Whether it is there; if so, it is new again to `courses.uploads.unnamed`."""
        try:
            os.utime(self.path(name))
        except FileNotFoundError:
            return False
        return True


def media_storage() -> ContentNamedStorage:
    """Storage under MEDIA_ROOT; a callable, so that tests and deployments choose the place."""
    return ContentNamedStorage()


def content_hash(content: "File[bytes] | IO[Any]") -> str:
    """Hex SHA-256, read in pieces: a long video never enters memory whole."""
    content.seek(0)
    digest = hashlib.sha256()
    while piece := content.read(PIECE):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()
