"""Reads a script: Markdown whose paragraphs are spoken, with marks for pauses and slides.

A block between empty lines is one of three:

- `## A chapter` starts a chapter of a video.
- Lines that begin with `>` are the slide that is up from here on: `> ### its title`, a line of
  text, `> - points` that appear at the next [point] mark, and `> ![what it shows](a picture)`.
- Anything else is a paragraph. [pause 8s] is silence, [point] shows the slide's next point, and
  [Live](/lˈɪv/) says how to pronounce a word, which captions leave out.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

MARK = re.compile(r"\[(point|pause (\d+(?:\.\d+)?)s)\]")
UNREADABLE_MARK = re.compile(r"\[[^\]]*\](?!\()")
PRONUNCIATION = re.compile(r"\[([^\]]+)\]\(/[^)]*/\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")


class ScriptError(ValueError):
    """A script that cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Chapter:
    """The video's part that starts here."""

    title: str


@dataclass(frozen=True)
class Slide:
    """What is up from here on; `points` appear one by one."""

    title: str
    line: str = ""
    points: tuple[str, ...] = ()
    picture: Path | None = None
    description: str = ""


@dataclass(frozen=True)
class Point:
    """Shows the next point of the slide that is up."""


@dataclass(frozen=True)
class Pause:
    """Silence, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Say:
    """One sentence, as the voice is to read it."""

    text: str

    @property
    def shown(self) -> str:
        """The sentence as captions show it."""
        return PRONUNCIATION.sub(r"\1", self.text)


@dataclass(frozen=True)
class Paragraph:
    """Sentences, pauses and points in order; one cue of the transcript."""

    steps: tuple[Say | Pause | Point, ...]

    @property
    def shown(self) -> str:
        """The paragraph's words without its marks."""
        return " ".join(step.shown for step in self.steps if isinstance(step, Say))


@dataclass
class Script:
    """A script's blocks in order, and the pictures that its slides show."""

    blocks: list[Chapter | Slide | Paragraph] = field(default_factory=list)

    @property
    def pictures(self) -> list[Path]:
        """Every picture once, in order of first use."""
        slides = (block for block in self.blocks if isinstance(block, Slide))
        return list(dict.fromkeys(slide.picture for slide in slides if slide.picture))


def read_script(path: Path) -> Script:
    """The script in `path`; ScriptError names the line of a mark that cannot be read."""
    script = Script()
    line_number = 1
    for block in re.split(r"\n\s*\n", path.read_text("utf-8")):
        if block.strip():
            where = f"{path}:{line_number + len(block) - len(block.lstrip())}"
            script.blocks.append(_read_block(block.strip(), path.parent, where))
        line_number += block.count("\n") + 2
    return script


def _read_block(block: str, folder: Path, where: str) -> Chapter | Slide | Paragraph:
    if block.startswith("## "):
        return Chapter(block.removeprefix("## ").strip())
    if block.startswith(">"):
        return _read_slide([line.lstrip("> ").rstrip() for line in block.splitlines()], folder)
    return _read_paragraph(" ".join(block.split()), where)


def _read_slide(lines: list[str], folder: Path) -> Slide:
    picture = next((found for line in lines if (found := PICTURE.match(line))), None)
    plain = [line for line in lines if line and line[0] not in "#-!"]
    return Slide(
        title=next(line.lstrip("# ") for line in lines if line.startswith("#")),
        line=" ".join(plain),
        points=tuple(line.removeprefix("- ") for line in lines if line.startswith("- ")),
        picture=folder / picture[2] if picture else None,
        description=picture[1] if picture else "",
    )


def _read_paragraph(text: str, where: str) -> Paragraph:
    steps: list[Say | Pause | Point] = []
    position = 0
    for mark in MARK.finditer(text):
        steps += _sentences(text[position : mark.start()], where)
        steps.append(Pause(float(mark[2])) if mark[2] else Point())
        position = mark.end()
    return Paragraph(tuple(steps + _sentences(text[position:], where)))


def _sentences(text: str, where: str) -> list[Say | Pause | Point]:
    if unreadable := UNREADABLE_MARK.search(text):
        raise ScriptError(f"{where}: cannot read {unreadable[0]}; write [pause 8s] or [point]")
    return [Say(part) for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]
