"""An export as a zip that is made while it is sent: the same bytes for the same cut."""

import zipfile
from collections.abc import Iterator

from courses.pack import Spool
from monitoring.export.cut import Cut
from monitoring.export.making import Export


def stream(export: Export) -> Iterator[bytes]:
    """Within a `snapshot`. Its end says where each file lies, so one broken off does not open."""
    spool = Spool()
    with zipfile.ZipFile(spool, "w") as archive:
        for name, content in export.files():
            # Nobody knows the size before it is written, and it may be more than 2 GiB.
            with archive.open(_info(export.cut, name), "w", force_zip64=True) as out:
                for piece in content:
                    out.write(piece)
                    yield from spool.taken()
    yield from spool.taken()


def name_of(cut: Cut) -> str:
    """Of the folder in it, and of the file without its ending."""
    return f"{cut.study.slug}-{cut.until:%Y%m%dT%H%M%SZ}"


def _info(cut: Cut, name: str) -> zipfile.ZipInfo:
    """Dated by the cut, not by the day on which it was made."""
    info = zipfile.ZipInfo(f"{name_of(cut)}/{name}", cut.until.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
