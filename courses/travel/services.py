"""A zip becomes a draft: all of it, or nothing."""

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.conf import settings

from courses.loading import write_new_draft
from courses.loading.folder import read_folder
from courses.models import Edition
from courses.travel.media import check_media
from courses.travel.parcel import unpack


def import_course(*, file: IO[bytes], now: datetime) -> Edition:
    """A new draft of the course that the zip names, which is made where there is none of that name.

    Raises NotTaken for what is no zip of a course, CourseFolderError with all that is wrong in the
    folder, CannotDraft where the course has a draft already. Then nothing has changed.
    """
    with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="course-") as place:
        folder = unpack(file, Path(place)).resolve()
        read = read_folder(folder)
        check_media(read, folder)
        return write_new_draft(read=read, now=now)
