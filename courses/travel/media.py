"""Whether the media of a folder from outside are what it says of them."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from courses.inspection import Inspected, Refused, inspect
from courses.inspection.captions import check_end, read
from courses.inspection.limits import MEDIA_LIMIT, too_large
from courses.loading.parts import ReadCourse, ReadMaterial
from courses.loading.problems import Problems

FURTHEST = 1.0  # seconds that `duration` may be off
_ALSO = {".jpeg": ".jpg"}


def check_media(course: ReadCourse, folder: Path) -> None:
    """`folder` is resolved. Raises CourseFolderError with a sentence for each that cannot serve.

    What a medium lasts is what it lasts itself, whatever the folder says of it.
    """
    problems = Problems(folder)
    materials = [material for week in course.weeks for material in week.materials]
    paths = dict.fromkeys(path for material in materials for path in _media(material))
    lasts = {path: _lasts(path, problems) for path in paths}
    for material in materials:
        seconds = lasts[material.file] if material.file else None
        if seconds is not None:
            _measure(material, seconds, problems)
    problems.raise_any()


def _media(material: ReadMaterial) -> Iterator[Path]:
    return filter(None, (material.file, material.captions, material.poster))


def _lasts(path: Path, problems: Problems) -> float | None:
    """In seconds; None for what does not play, and for what cannot serve, which is noted."""
    try:
        return _inspected(path).seconds
    except Refused as refused:
        problems.add(path, None, str(refused))
        return None


def _inspected(path: Path) -> Inspected:
    suffix = _ALSO.get(path.suffix.lower(), path.suffix.lower())
    if path.stat().st_size > MEDIA_LIMIT[suffix]:
        raise Refused(too_large(suffix))
    with path.open("rb") as file:
        inspected = inspect(file)
    if inspected.suffix != suffix:
        raise Refused(_("By its content this is %s. Give it that ending.") % inspected.suffix)
    return inspected


def _measure(material: ReadMaterial, seconds: float, problems: Problems) -> None:
    if abs((material.duration or 0.0) - seconds) > FURTHEST:
        material.duration = seconds
    if material.captions:
        try:
            check_end(read(material.captions.read_bytes()), seconds)
        except Refused as refused:
            problems.add(material.captions, None, str(refused))
