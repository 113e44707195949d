"""Writes how long a medium lasts into its table of module.toml, and changes nothing else there."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from content.build.course import CourseError, Medium
from content.build.files import whole

_DURATION = re.compile(r"""(\s*(?:duration|"duration"|'duration')\s*=\s*)[^#]*?(\s*(?:#.*)?)""")
_SCRIPT = re.compile(r"""(\s*)(?:script|"script"|'script')\s*=""")


def set_duration(medium: Medium, seconds: float) -> None:
    """Writes `duration`, in seconds; raises CourseError, with nothing changed, where it cannot."""
    text = with_duration(medium, seconds)
    with whole(medium.module) as part:
        part.write_bytes(text.encode())


def with_duration(medium: Medium, seconds: float) -> str:
    """module.toml with the medium's `duration`; raises CourseError if no line can hold it.

    Each line that looks like the right one is tried until one changes just this value: what
    looks like a line may lie in another table, or in the midst of a text.
    """
    text = medium.module.read_bytes().decode("utf-8-sig")
    value = f"{seconds:.1f}"
    wanted = tomllib.loads(text)
    for entry in wanted["material"]:
        if Medium(medium.folder, entry).name == medium.name:
            entry["duration"] = float(value)
    for candidate in _candidates(text.splitlines(keepends=True), value):
        if _parsed(candidate) == wanted:
            return candidate
    raise CourseError(
        f"{medium.module}: There is no room for the duration of {medium.name}. "
        "Write duration = 1.0 on a line of its own below its [[material]]."
    )


def _candidates(lines: list[str], value: str) -> Iterator[str]:
    """The text with each line changed that may be the duration, or else follow the script."""
    for at, line in enumerate(lines):
        words, end = _split(line)
        if found := _DURATION.fullmatch(words):
            yield "".join([*lines[:at], f"{found[1]}{value}{found[2]}{end}", *lines[at + 1 :]])
    for at, line in enumerate(lines):
        words, end = _split(line)
        if found := _SCRIPT.match(words):
            new = f"{words}{end or chr(10)}{found[1]}duration = {value}{end}"
            yield "".join([*lines[:at], new, *lines[at + 1 :]])


def _split(line: str) -> tuple[str, str]:
    """A line without its end, and the end."""
    words = line.rstrip("\r\n")
    return words, line[len(words) :]


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
