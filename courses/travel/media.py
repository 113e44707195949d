"""Whether the media of a folder from outside are what their names say."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from courses.inspection import Refused, inspect
from courses.inspection.limits import MEDIA_LIMIT, too_large
from courses.loading.parts import ReadCourse
from courses.loading.problems import Problems

_ALSO = {".jpeg": ".jpg"}


def check_media(read: ReadCourse, folder: Path) -> None:
    """`folder` is resolved. Raises CourseFolderError with a sentence for each that cannot serve."""
    problems = Problems(folder)
    for path in dict.fromkeys(_media(read)):
        said = _fault(path)
        if said:
            problems.add(path, None, said)
    problems.raise_any()


def _media(read: ReadCourse) -> Iterator[Path]:
    for week in read.weeks:
        for material in week.materials:
            yield from filter(None, (material.file, material.captions, material.poster))


def _fault(path: Path) -> str:
    suffix = _ALSO.get(path.suffix.lower(), path.suffix.lower())
    if path.stat().st_size > MEDIA_LIMIT[suffix]:
        return too_large(suffix)
    try:
        with path.open("rb") as file:
            inspected = inspect(file)
    except Refused as refused:
        return str(refused)
    if inspected.suffix != suffix:
        return _("By its content this is %s. Give it that ending.") % inspected.suffix
    return ""
