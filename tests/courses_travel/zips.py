"""Zips as editors bring them, sound ones first."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from courses.models import Edition
from courses.travel import export
from tests.courses.folders import course_folder


def zip_of(files: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> io.BytesIO:
    """Deflated, with names as they are given."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out


def zip_of_folder(folder: Path, *, below: str = "") -> io.BytesIO:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return zip_of((below + str(path.relative_to(folder)), path.read_bytes()) for path in paths)


def small_course(tmp_path: Path) -> io.BytesIO:
    return zip_of_folder(course_folder(tmp_path / "course"), below="course/")


def exported(edition: Edition) -> io.BytesIO:
    return io.BytesIO(b"".join(export.stream(edition)))
