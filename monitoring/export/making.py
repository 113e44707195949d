"""An export as it is made: file after file, counted and hashed while they are written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TypeVar

from django.conf import settings
from django.utils import translation

from monitoring.export import codebook, readme, writing
from monitoring.export.columns import liner, reads_of
from monitoring.export.cut import Cut
from monitoring.export.file import File
from monitoring.export.files import FILES

T = TypeVar("T")


class Export:
    """Ask `files` within a `snapshot`, and read each to its end before the next.

    `rows` and `hashes` (SHA-256) are by the name of the file, of those that were read so far.
    """

    def __init__(self, cut: Cut) -> None:
        self.cut = cut
        self.rows: dict[str, int] = {}
        self.hashes: dict[str, str] = {}

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Names and contents. The README is the last, since it says what the others hold."""
        for file in FILES:
            yield file.name, self._hashed(file.name, self._table(file))
        book = self._counted(codebook.NAME, in_english(lambda: list(codebook.lines(self.cut))))
        yield codebook.NAME, self._hashed(codebook.NAME, writing.pieces(codebook.HEADER, book))
        text = in_english(lambda: readme.text(self.cut, rows=self.rows, hashes=self.hashes))
        yield readme.NAME, iter([text.encode()])

    def _table(self, file: File) -> Iterator[bytes]:
        columns = in_english(lambda: file.columns(self.cut))
        names = reads_of(columns)
        line = liner(columns, names)
        lines = map(line, file.rows(self.cut, names))
        return writing.pieces([each.name for each in columns], self._counted(file.name, lines))

    def _counted(self, name: str, lines: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
        self.rows[name] = 0
        for line in lines:
            self.rows[name] += 1
            yield line

    def _hashed(self, name: str, content: Iterable[bytes]) -> Iterator[bytes]:
        digest = sha256()
        for piece in content:
            digest.update(piece)
            yield piece
        self.hashes[name] = digest.hexdigest()


def in_english(make: Callable[[], T]) -> T:
    """Labels of choices follow the language of whoever asks; the files do not."""
    with translation.override(settings.LANGUAGE_CODE):
        return make()
