"""Where media lie: named by the SHA-256 of their content, outside the web root, never overwritten."""

import hashlib
import os
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage

PIECE = 1024 * 1024


class ContentNamedStorage(FileSystemStorage):
    """Keeps a file as `<folder>/<sha256 of the content><suffix>`; one already there is that content."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        wanted = PurePosixPath(name)
        final = str(wanted.with_name(content_hash(content) + wanted.suffix.lower()))
        if not self.exists(final):
            # A copy that is broken off must not stand under the name of the whole.
            part = super()._save(f"{final}.{uuid4().hex}.part", content)
            os.replace(self.path(part), self.path(final))
        return final


def media_storage() -> Storage:
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
