"""A course folder as the build sees it: which media there are, and what each is made from."""

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.build.script import Chapter, Fault, Script, ScriptError, Slide, read_script

LOCK = "media.lock.json"
RECIPE = 2  # raise it when a change to voice, pace, sound or slides ought to rebuild every medium


@dataclass(frozen=True)
class Medium:
    """A video or exercise that has a script; file names are as module.toml gives them."""

    folder: Path
    entry: dict[str, Any]

    @property
    def name(self) -> str:
        """week-1/video, as the lock and the progress output call it."""
        return f"{self.folder.name}/{self.entry['key']}"

    @property
    def is_video(self) -> bool:
        """Whether it has slides."""
        return bool(self.entry["kind"] == "video")

    def path(self, field: str) -> Path:
        """The file that `field` names; KeyError if module.toml does not name one."""
        return self.folder / str(self.entry[field])

    def written(self) -> tuple[str, ...]:
        """The fields that name the files which the build writes."""
        return ("file", "captions", "transcript", *(("chapters", "poster") * self.is_video))

    def unnamed(self) -> list[str]:
        """Those of them that module.toml does not name."""
        return [field for field in self.written() if field not in self.entry]

    def outputs(self) -> list[Path]:
        """Every file that the build writes for it."""
        return [self.path(field) for field in self.written()]

    def script(self) -> Script:
        """What it is built from; raises ScriptError, also where it does not suit the kind."""
        script = read_script(self.path("script"))
        if fault := self._unsuited(script):
            raise ScriptError(self.path("script"), [fault])
        return script

    def _unsuited(self, script: Script) -> Fault | None:
        slides = [block for block in script.blocks if isinstance(block, Slide)]
        chapters = [block for block in script.blocks if isinstance(block, Chapter)]
        if self.is_video and not (slides and chapters):
            return Fault(1, "A video needs a chapter (## Title) and a slide (> ### Title).")
        if slides and not self.is_video:
            return Fault(slides[0].at, "A recording shows no slides. Take this one out.")
        return None

    def fingerprint(self) -> str:
        """SHA-256 of what it is made from: RECIPE, the script and the pictures that it shows."""
        made_from = [self.path("script"), *self.script().pictures]
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in made_from]
        return hashlib.sha256(" ".join([str(RECIPE), *digests]).encode()).hexdigest()


def scripted_media(course: Path) -> list[Medium]:
    """Every medium of the course that is built from a script, week by week."""
    media = []
    for module in sorted(course.glob("week-*/module.toml")):
        entries = tomllib.loads(module.read_text("utf-8"))["material"]
        media += [Medium(module.parent, entry) for entry in entries if "script" in entry]
    return media


def read_lock(course: Path) -> dict[str, str]:
    """Medium name to the fingerprint that it was last built from."""
    path = course / LOCK
    lock: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return lock


def write_lock(course: Path, lock: dict[str, str]) -> None:
    """Writes the lock, sorted, so that a diff shows what was rebuilt."""
    (course / LOCK).write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n", "utf-8")


def set_duration(medium: Medium, seconds: float) -> None:
    """Writes `duration` into the medium's table of module.toml and leaves the rest as it is."""
    path = medium.folder / "module.toml"
    tables = re.split(r"(?m)^(?=\[\[)", path.read_text("utf-8"))
    key = re.compile(rf'(?m)^key = "{re.escape(medium.entry["key"])}"$')
    at = next(n for n, table in enumerate(tables) if key.search(table))
    line = f"duration = {seconds:.1f}"
    tables[at], found = re.subn(r"(?m)^duration = .*$", line, tables[at])
    if not found:
        tables[at] = re.sub(r"(?m)^(script = .*)$", rf"\1\n{line}", tables[at])
    path.write_text("".join(tables), "utf-8")
