"""A zip becomes a draft: all of it, or nothing."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings
from django.core.files.base import File

from courses.loading import load_draft
from courses.models import Edition
from courses.travel.parcel import unpack


def import_course(*, file: "File[bytes] | IO[bytes]", now: datetime) -> Edition:
    """A new draft of the course that the zip names, which is made where there is none of that name.

    Raises NotTaken for what is no zip of a course, CourseFolderError with all that is wrong in the
    folder, CannotDraft where the course has a draft already. Then nothing has changed.
    """
    with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="course-") as folder:
        return load_draft(unpack(file, Path(folder)), now=now)  # type: ignore[arg-type]
