"""A zip from outside: looked at as a whole before a byte of it is written."""

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from os import SEEK_END
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from courses.files import PIECE
from courses.loading.attached import MEDIA, PICTURES, TEXTS, TIMED_TEXT

MOST_FILES = 1_000
MOST_BYTES = 4 * 1024**3  # unpacked
MOST_OF_TEXT = 1024**2  # in one file: a long book
MOST_LISTED = 1024**2  # of the list of files at the end of a zip, which is read into memory
DENSEST = 200  # how many times smaller than its content a file may be: no text or medium is
_SMALL = 1024**2  # below it, density says nothing
_LONGEST = 200
_ENCRYPTED = 0x1 | 0x40
_TEXTS = {".toml", *TEXTS, *TIMED_TEXT}
_READ = {*_TEXTS, *PICTURES, *(suffix for each in MEDIA.values() for suffix in each)}
# What the reading of a zip raises where it says what cannot be: a name that is no text, a place
# before the beginning, a length behind the end.
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, NotImplementedError, OSError, ValueError),
)
_LEFT_BY_SYSTEMS = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}


class NotTaken(Exception):
    """Holds the sentence that says why a zip is not unpacked."""


def unpack(file: IO[bytes], folder: Path) -> Path:
    """Write what a course's folder consists of below `folder`; the course's folder in it.

    Raises NotTaken: for what is no sound zip, before anything is written, and for a damaged file
    in it.
    """
    with _opened(file) as archive:
        entries = archive.infolist()
        _check(entries, size=file.seek(0, SEEK_END))
        for entry in entries:
            if _is_wanted(entry):
                _write(archive, entry, folder / entry.filename)
    return _course_in(folder)


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(_Bounded(file))
    except _DAMAGED as error:
        raise NotTaken(_("This is not a zip, or it is damaged. Make it anew.")) from error


class _Bounded:
    """A file that gives no more at a time than a list of files may be long."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > MOST_LISTED:
            raise NotTaken(_said_of_many())
        return self.file.read(size)


def _check(entries: list[zipfile.ZipInfo], *, size: int) -> None:
    """Raises NotTaken for the first thing that no course's folder would hold."""
    if len(entries) > MOST_FILES:
        raise NotTaken(_said_of_many())
    for entry in entries:
        _check_name(entry)
        _check_kind(entry)
        _check_size(entry)
    _check_twice(entries)
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        gigabytes = MOST_BYTES // 1024**3
        raise NotTaken(
            _("Unpacked, this is more than %d GB. Take out what is not used.") % gigabytes
        )
    if sum(entry.compress_size for entry in entries) > size:
        raise NotTaken(_("The files in this zip overlap, as in no zip of a folder. Make it anew."))


def _said_of_many() -> str:
    return _("There are more than %d files in this zip. A course has fewer.") % MOST_FILES


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.removesuffix("/").split("/")
    is_plain = (
        len(name.encode()) <= _LONGEST
        and name.isprintable()
        and not {"\\", ":"} & set(name)
        and not {"", ".", ".."} & set(parts)
    )
    if not is_plain:
        words = ascii(name[:_LONGEST])[1:-1]
        sentence = _(
            "“%s” leads out of the folder, or is no plain name. Pack the course’s folder anew."
        )
        raise NotTaken(sentence % words)


def _check_kind(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        sentence = _("“%s” is a link to another file. Put the file itself in its place.")
        raise NotTaken(sentence % entry.filename)
    if entry.flag_bits & _ENCRYPTED:
        raise NotTaken(_("This zip has a password. Make one without."))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        sentence = _("“%s” is packed in a way that is not read here. Make a usual zip.")
        raise NotTaken(sentence % entry.filename)


def _check_size(entry: zipfile.ZipInfo) -> None:
    is_text = PurePosixPath(entry.filename).suffix.lower() in _TEXTS
    if is_text and entry.file_size > MOST_OF_TEXT:
        sentence = _("“%s” is longer than a text of a course can be. Shorten it.")
        raise NotTaken(sentence % entry.filename)
    if entry.file_size > max(_SMALL, DENSEST * entry.compress_size):
        sentence = _("“%s” would grow to far more than a course’s file does. Take it out.")
        raise NotTaken(sentence % entry.filename)


def _check_twice(entries: list[zipfile.ZipInfo]) -> None:
    """No two files of one name, also where capitals do not count, nor a file where a folder is."""
    seen: set[str] = set()
    folders: set[str] = set()
    for entry in entries:
        name = _alike(entry.filename)
        if not entry.is_dir():
            if name in seen:
                raise NotTaken(_("“%s” is in this zip twice. Make it anew.") % entry.filename)
            seen.add(name)
        folders.update(_above(name))
    for entry in entries:
        if not entry.is_dir() and _alike(entry.filename) in folders:
            raise NotTaken(_("“%s” is in this zip twice. Make it anew.") % entry.filename)


def _alike(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold().removesuffix("/")


def _above(name: str) -> Iterable[str]:
    return (str(parent) for parent in PurePosixPath(name).parents)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Of what else a folder holds, such as scripts' drawings, nothing is written."""
    path = PurePosixPath(entry.filename)
    is_left = not _LEFT_BY_SYSTEMS.isdisjoint(path.parts) or path.name.startswith("._")
    return not entry.is_dir() and not is_left and path.suffix.lower() in _READ


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    """Never more than the list says of it, which has been added up."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        for piece in _pieces(archive, entry):
            out.write(piece)


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(entry) as packed:
            while piece := packed.read(PIECE):
                yield piece
    except _DAMAGED as error:
        sentence = _("“%s” is damaged in this zip. Make it anew.")
        raise NotTaken(sentence % entry.filename) from error


def _course_in(folder: Path) -> Path:
    """Where course.toml is: at the top, or in the one folder that was packed."""
    if (folder / "course.toml").exists():
        return folder
    below = [path for path in folder.iterdir() if (path / "course.toml").exists()]
    if len(below) != 1:
        sentence = _("There is no course.toml in this zip. Pack the folder that holds one.")
        raise NotTaken(sentence)
    return below[0]
