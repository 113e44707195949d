"""What is wrong with a script, gathered so that one reading names everything."""

from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """A line of a script, numbered from 1, without the spaces around it."""

    number: int
    text: str


class Fault(NamedTuple):
    """`sentence` says what is wrong on the line (from 1) and what to do."""

    line: int
    sentence: str


class ScriptError(ValueError):
    """A script that cannot be read: `faults` in the order of their lines."""

    def __init__(self, path: Path, faults: list[Fault]) -> None:
        self.path = path
        self.faults = faults
        super().__init__("\n".join(f"{path}, line {line}: {said}" for line, said in faults))
