"""Into the storage, and into the list of what this database may let go of."""

from django.core.files import File

from courses.files import FOLDER, media_storage
from courses.models import StoredFile


def take_in(content: "File[bytes]", *, called: str) -> str:
    """What it is called there; of `called`, the ending stays."""
    name = media_storage().save(f"{FOLDER}/{called}", content)
    StoredFile.objects.get_or_create(name=name)
    return name
