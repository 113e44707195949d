"""Where media lie: named by the SHA-256 of their content, outside the web root, never overwritten."""

import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.core.files.storage import FileSystemStorage, Storage

if TYPE_CHECKING:
    from django.core.files import File
    from django.db.models import Model


class ContentNamedStorage(FileSystemStorage):
    """A file already there under its content's name is that content: keep it."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: "File[bytes]") -> str:
        if self.exists(name):
            return name
        return super()._save(name, content)


def media_storage() -> Storage:
    """Storage under MEDIA_ROOT; a callable, so that tests and deployments choose the place."""
    return ContentNamedStorage()


def content_named(instance: "Model", filename: str) -> str:
    """`courses/<sha256 of the content><suffix>` for a FileField of a material."""
    for field in ("file", "captions", "poster"):
        attached = getattr(instance, field)
        if attached and attached.name == filename and not attached._committed:
            digest = content_hash(attached.file)
            return f"courses/{digest}{PurePosixPath(filename).suffix.lower()}"
    msg = f"no uncommitted file named {filename} on {instance!r}"
    raise ValueError(msg)


def content_hash(content: "File[bytes]") -> str:
    """Hex SHA-256, read in pieces: a long video never enters memory whole."""
    content.seek(0)
    digest = hashlib.sha256()
    for piece in iter(lambda: content.read(1024 * 1024), b""):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()
