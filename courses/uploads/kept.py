"""A file between its arrival and the saving of the row that names it."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from courses.files import media_storage
from courses.inspection import Inspected
from courses.inspection.captions import clock_time
from courses.taking_in import take_in

# Less than `courses.uploads.unnamed.AFTER`: whoever has a token has the file.
FOR = timedelta(days=1)
_SALT = "courses.uploads"
NAMES = {
    ".mp4": "MP4",
    ".webm": "WebM",
    ".m4a": "M4A",
    ".mp3": "MP3",
    ".ogg": "Ogg",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".webp": "WebP",
    ".vtt": "WebVTT",
}


class LetGo(Exception):
    """The token is none of ours, or a day old, or its file has gone."""


@dataclass(frozen=True)
class Kept:
    """`name` in the storage; `called` as its editor called it; `size` in bytes."""

    name: str
    called: str
    size: int
    seconds: float | None

    def __str__(self) -> str:
        """Such as “film.mp4: MP4, 30:00, 12.0 MB”."""
        return f"{self.called}: {facts(self.name, size=self.size, seconds=self.seconds)}"

    @property
    def token(self) -> str:
        """Says who it is, signed, so that a form can carry it along."""
        return signing.dumps(asdict(self), salt=_SALT)


def keep(upload: UploadedFile, inspected: Inspected) -> Kept:
    """Store what was inspected, under its content's name and the suffix of what it is."""
    size = upload.size or 0
    name = take_in(upload, called=f"upload{inspected.suffix}")
    return Kept(name, str(upload.name), size, inspected.seconds)


def from_token(token: str) -> Kept:
    """Raises LetGo. The file is then kept for as long again."""
    try:
        kept = Kept(**signing.loads(token, salt=_SALT, max_age=FOR))
    except signing.BadSignature as error:
        raise LetGo from error
    if not media_storage().touched(kept.name):
        raise LetGo
    return kept


def facts(name: str, *, size: int | None = None, seconds: float | None = None) -> str:
    """What an editor knows a file by: its type, how long it lasts, how large it is."""
    suffix = PurePosixPath(name).suffix
    known = [NAMES.get(suffix, suffix)]
    known += [clock_time(seconds)] if seconds else []
    known += [filesizeformat(size)] if size else []
    return ", ".join(known)
