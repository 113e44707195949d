"""All that is wrong with a course folder: what the loader refuses, and what it lets pass."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from content.check.handouts import check_companions, check_handout
from content.check.material import Material, materials
from content.check.media import check_media
from content.check.scripts import check_script
from content.check.timed import check_timed_text
from courses.loading.folder import read_folder
from courses.loading.problems import CourseFolderError, Problems

_WHERE = re.compile(r"(?P<file>.*?)(?:, line (?P<line>\d+))?: ")


@dataclass
class Checked:
    """A folder after the check: `faults` in order of file and line, and what was looked at."""

    folder: Path
    faults: list[str]
    materials: list[Material] = field(default_factory=list)

    def __str__(self) -> str:
        """One line, for a folder without faults."""
        media = [each for each in self.materials if each.medium]
        weeks = len({each.table.path for each in self.materials})
        minutes = sum(each.lasts or 0 for each in media) / 60
        size = sum(each.medium.stat().st_size for each in media if each.medium) / 1e6
        return (
            f"{self.folder}: {weeks} week{'s' * (weeks != 1)}, {len(self.materials)} materials, "
            f"{minutes:.0f} min of sound and pictures, {size:.1f} MB. Nothing to mend."
        )


def faults(folder: Path) -> list[str]:
    """Every fault of the course in `folder`, as "week-1/module.toml, line 49: ..."."""
    return check(folder).faults


def check(folder: Path) -> Checked:
    """Reads the folder as the loader does, then looks at each material more closely."""
    problems = Problems(folder.resolve())
    problems.sentences += _refused(folder)
    found = list(materials(problems))
    for material in found:
        check_script(material)
        check_media(material)
        check_timed_text(material)
        check_handout(material)
    check_companions(problems)
    # The second look meets some of the loader's faults again; each is said once.
    return Checked(folder, sorted(set(problems.sentences), key=_place), found)


def _refused(folder: Path) -> list[str]:
    try:
        read_folder(folder)
    except CourseFolderError as error:
        return error.sentences
    return []


def _place(sentence: str) -> tuple[list[tuple[int, str]], int, str]:
    """Where a sentence points to: week-2 before week-10, line 9 before line 10."""
    where = _WHERE.match(sentence)
    if where is None:
        return [], 0, sentence
    # A week's own file first: what it says of a medium explains what is said of its captions.
    file = where["file"].replace("/module.toml", "/")
    parts = re.findall(r"(\d+)|(\D+)", file)
    return [(int(number or 0), text) for number, text in parts], int(where["line"] or 0), sentence
