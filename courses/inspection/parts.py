"""What the readers of all types share."""

import struct
from dataclasses import dataclass
from typing import IO, Any

from courses.inspection.refusals import NotMeasurable

# A file made to keep us busy has millions of parts; a film of ten hours has some ten thousand.
MOST_PARTS = 300_000


@dataclass(frozen=True)
class Inspected:
    """`suffix` as files of this type are named here. `seconds` it plays, None for what does not."""

    suffix: str
    seconds: float | None = None


@dataclass
class Whole:
    """An open file, read in places: in `left` more of them, on whatever level they lie."""

    file: IO[Any]
    size: int
    left: int = MOST_PARTS

    @classmethod
    def of(cls, file: IO[Any]) -> "Whole":
        file.seek(0, 2)
        return cls(file, file.tell())

    def read(self, at: int, most: int) -> bytes:
        """At most `most` bytes from `at`; fewer at the end. NotMeasurable once none is left."""
        if not self.left:
            raise NotMeasurable
        self.left -= 1
        self.file.seek(at)
        return bytes(self.file.read(most))

    def numbers(self, form: str, at: int) -> tuple[Any, ...]:
        """As `struct` reads them; raises NotMeasurable where the file ends before them."""
        content = self.read(at, struct.calcsize(form))
        if len(content) < struct.calcsize(form):
            raise NotMeasurable
        return struct.unpack(form, content)
