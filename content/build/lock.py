"""media.lock.json: what each medium was built from, and which files came out."""

import json
from pathlib import Path
from typing import TypeAlias

from content.build.files import whole

LOCK = "media.lock.json"
Record: TypeAlias = dict[str, str]
"""SHA-256 under "made_from", and of each file under the field of module.toml that names it."""


class LockError(ValueError):
    """A lock that was never as write_lock writes it; `line` from 1, None where none is to blame."""

    def __init__(self, path: Path, line: int | None) -> None:
        self.line = line
        self.sentence = (
            "This cannot be read as a record of what was built. "
            "Take it from the last commit, and run make content."
        )
        super().__init__(f"{path}{f', line {line}' if line else ''}: {self.sentence}")


def read_lock(course: Path) -> dict[str, Record]:
    """Medium name to its record when it was last built; raises LockError.

    An empty record where the lock's form is an older one, with a fingerprint alone for a medium.
    """
    path = course / LOCK
    if not path.exists():
        return {}
    try:
        lock = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise LockError(path, getattr(error, "lineno", None)) from error
    if not _is_lock(lock):
        raise LockError(path, None)
    return {name: built if isinstance(built, dict) else {} for name, built in lock.items()}


def write_lock(course: Path, lock: dict[str, Record]) -> None:
    """Writes the lock, sorted, so that a diff shows what was rebuilt."""
    with whole(course / LOCK) as part:
        part.write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n", "utf-8")


def _is_lock(lock: object) -> bool:
    return isinstance(lock, dict) and all(isinstance(each, dict | str) for each in lock.values())
