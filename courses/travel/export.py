"""An edition as a zip of its folder, which is made while it is sent."""

import zipfile
from collections.abc import Iterable, Iterator

from courses.media import is_there
from courses.models import Edition
from courses.pack import Spool, pieces_of
from courses.travel.folder import Written, files_of


def name_of(edition: Edition) -> str:
    """What the zip is called, without its suffix."""
    return f"{edition.course.slug}-edition-{edition.number}"


def stream(edition: Edition) -> Iterator[bytes]:
    """A zip with one folder in it. The same edition gives the same bytes each time.

    A medium that has gone from the disk is left out; module.toml names it, so that whoever reads
    the folder again is told.
    """
    spool = Spool()
    with zipfile.ZipFile(spool, "w") as archive:
        for written in files_of(edition):
            for entry, pieces in _entry(written, edition):
                with archive.open(entry, "w") as out:
                    for piece in pieces:
                        out.write(piece)
                        yield from spool.taken()
    yield from spool.taken()


def _entry(written: Written, edition: Edition) -> Iterator[tuple[zipfile.ZipInfo, Iterable[bytes]]]:
    made = edition.published_at or edition.created_at
    info = zipfile.ZipInfo(f"{edition.course.slug}/{written.name}", made.timetuple()[:6])
    info.external_attr = 0o644 << 16
    if isinstance(written.content, str):
        content = written.content.encode()
        info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, len(content)
        yield info, [content]
    elif is_there(written.content):
        info.file_size = written.content.size  # says whether it needs the form for 4 GB and more
        yield info, pieces_of(written.content)
