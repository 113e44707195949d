"""What is wrong with a file, line by line."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Fault:
    """`line` is counted from 1, the header's; 0 is the whole file. `column` may be empty.

    `words` never repeat an address: the line says whose it is.
    """

    line: int
    column: str
    words: str


@dataclass(frozen=True)
class Told:
    """The same fault on lines that follow each other, from `first` to `last`."""

    first: int
    last: int
    column: str
    words: str

    @property
    def where(self) -> str:
        if self.first == 0:
            return _("The file")
        if self.first == self.last:
            return _("Line %d") % self.first
        return _("Lines %(first)d to %(last)d") % {"first": self.first, "last": self.last}


def told(faults: Iterable[Fault]) -> list[Told]:
    """All of them, in the order of their first lines; ten thousand alike in a row are one."""
    runs: list[Told] = []
    latest: dict[tuple[str, str], int] = {}  # where in `runs` the fault was told last
    for fault in sorted(faults):
        place = latest.get((fault.column, fault.words))
        if place is not None and fault.line <= runs[place].last + 1:
            runs[place] = Told(runs[place].first, fault.line, fault.column, fault.words)
        else:
            latest[fault.column, fault.words] = len(runs)
            runs.append(Told(fault.line, fault.line, fault.column, fault.words))
    return runs
