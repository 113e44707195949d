"""A course folder as the build sees it: which media there are, and what each is made from."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.build.files import digest
from content.build.lock import Record
from content.build.script import Chapter, Fault, Script, ScriptError, Slide, read_script
from courses.torn_toml import toml_fault

RECIPE = 2  # raise it when a change to voice, pace, sound or slides ought to rebuild every medium
KINDS = ("video", "exercise")


class CourseError(ValueError):
    """What keeps a course from being built: a sentence a line, each with its file."""


@dataclass(frozen=True)
class Medium:
    """A video or exercise that has a script; `entry` is its table in module.toml, as it stands."""

    folder: Path
    entry: dict[str, Any]

    @property
    def module(self) -> Path:
        """The file that it is written in."""
        return self.folder / "module.toml"

    @property
    def name(self) -> str:
        """week-1/video, as the lock and the progress output call it."""
        return f"{self.folder.name}/{self.text('key')}"

    @property
    def is_video(self) -> bool:
        """Whether it has slides."""
        return self.text("kind") == "video"

    def text(self, field: str) -> str:
        """What `field` says, without spaces around it; "" where it is absent or no text."""
        value = self.entry.get(field)
        return value.strip() if isinstance(value, str) else ""

    def path(self, field: str) -> Path:
        """The file that `field` names."""
        return self.folder / self.text(field)

    def written(self) -> tuple[str, ...]:
        """The fields that name the files which the build writes."""
        return ("file", "captions", "transcript", *(("chapters", "poster") * self.is_video))

    def unnamed(self) -> list[str]:
        """Those of them, and of what names it, that module.toml does not say."""
        return [field for field in ("key", *self.written()) if not self.text(field)]

    def script(self) -> Script:
        """What it is built from; raises ScriptError, also where it does not suit the kind."""
        script = read_script(self.path("script"))
        if faults := self._unsuited(script):
            raise ScriptError(self.path("script"), faults)
        return script

    def _unsuited(self, script: Script) -> list[Fault]:
        slides = [block for block in script.blocks if isinstance(block, Slide)]
        chapters = [block for block in script.blocks if isinstance(block, Chapter)]
        if not script.sentences:
            return [Fault(1, "There are no words to speak in this script. Write some.")]
        if not self.is_video:
            said = "A recording shows no {}. Take this one out."
            faults = [Fault(slide.at, said.format("slides")) for slide in slides]
            return sorted(
                faults + [Fault(chapter.at, said.format("chapters")) for chapter in chapters]
            )
        if slides and chapters:
            return []
        return [Fault(1, "A video needs a chapter (## Title) and a slide (> ### Title).")]

    def fingerprint(self) -> str:
        """SHA-256 of what it is made from: RECIPE, the script and the pictures that it shows."""
        made_from = [self.path("script"), *self.script().pictures]
        digests = [str(RECIPE), *map(digest, made_from)]
        return hashlib.sha256(" ".join(digests).encode()).hexdigest()

    def record(self) -> Record:
        """What the lock keeps once it is built; without the files that are not there."""
        files = {field: digest(self.path(field)) for field in self.written()}
        there = {field: sha256 for field, sha256 in files.items() if sha256}
        return {"made_from": self.fingerprint(), **there}


def scripted_media(course: Path) -> list[Medium]:
    """Every medium of the course that is built from a script, week by week; raises CourseError."""
    if not course.is_dir():
        raise CourseError(f"There is no folder {course}.")
    modules = course.glob("week-*/module.toml")
    weeks = sorted(modules, key=lambda path: (len(path.parent.name), path.parent.name))
    media = [Medium(path.parent, entry) for path in weeks for entry in _materials(path)]
    return [each for each in media if each.text("kind") in KINDS and each.text("script")]


def _materials(module: Path) -> list[dict[str, Any]]:
    text = ""
    try:
        text = module.read_text("utf-8-sig")
        found = tomllib.loads(text).get("material", [])
    except tomllib.TOMLDecodeError as error:
        fault = toml_fault(text, error)
        raise CourseError(f"{module}, line {fault.line}: {fault}") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{module}: This is not text in UTF-8. Save it as UTF-8.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise CourseError(f"{module}: This cannot be read: {error}.") from error
    if isinstance(found, list) and all(isinstance(entry, dict) for entry in found):
        return found
    raise CourseError(f"{module}: “material” must be written as [[material]].")
