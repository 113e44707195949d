"""manifest.json: what a backup holds, of what, and from when. The last file written into it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from keeping.refusing import CannotKeep

NAME = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    version: str
    """Of the platform, like 0.1.0."""
    made_at: str
    """UTC, like 2026-10-25T09:00:00Z: the database as it was then."""
    engine: str
    """"postgresql" or "sqlite"."""
    migrations: list[str]
    """Those applied, like "courses.0001_initial", sorted."""
    files: dict[str, str]
    """Path within the backup, with /, to the hex SHA-256 of its content."""
    missing: list[str] = field(default_factory=list)
    """Media that the database named and MEDIA_ROOT did not have whole."""

    def media(self) -> list[str]:
        """Their names under MEDIA_ROOT."""
        return [name.removeprefix("media/") for name in self.files if name.startswith("media/")]

    def text(self) -> str:
        """JSON, with a digest over the rest of it."""
        said = asdict(self)
        return json.dumps({**said, "sha256": _digest(said)}, indent=1) + "\n"


def _digest(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def read(folder: Path) -> Manifest:
    """Raises CannotKeep for a folder that is no backup, and for a manifest that was changed."""
    try:
        text = (folder / NAME).read_text(errors="replace")
    except OSError as error:
        words = _("“%(folder)s” is no backup, or cannot be read: it has no %(name)s.")
        raise CannotKeep(words % {"folder": folder, "name": NAME}) from error
    made = parsed(text)
    if made is None:
        raise damaged(folder)
    return made


def parsed(text: str) -> Manifest | None:
    """None for one that was changed, or is not whole."""
    try:
        said = json.loads(text)
        digest = said.pop("sha256")
        made = Manifest(**said)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return made if digest == _digest(said) else None


def damaged(folder: Path) -> CannotKeep:
    words = _("The %(name)s of “%(folder)s” is damaged. Take another backup.")
    return CannotKeep(words % {"folder": folder, "name": NAME})
