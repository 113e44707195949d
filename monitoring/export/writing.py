"""CSV as RFC 4180 has it: UTF-8, commas, lines that end in CR LF, quotation marks where needed."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

_LINES = 1_000


def pieces(header: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file, some lines at a time."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(header)
    rest = iter(lines)
    while some := list(islice(rest, _LINES)):
        writer.writerows(some)
        yield _taken(buffer)
    if header_alone := _taken(buffer):
        yield header_alone


def _taken(buffer: io.StringIO) -> bytes:
    written = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return written
