"""What a script consists of: chapters, slides, and paragraphs of sentences, pauses and points.

`at` is the number of the line where a part begins; it says nothing about what the part is.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

PRONUNCIATION = re.compile(r"\[(?!\s*\])([^\[\]]+)\]\(/[^)]*/\)")


@dataclass(frozen=True)
class Chapter:
    """The video's part that starts here."""

    title: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Slide:
    """What is up from here on; `points` appear one by one."""

    title: str
    line: str = ""
    points: tuple[str, ...] = ()
    picture: Path | None = None
    description: str = ""
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Point:
    """Shows the next point of the slide that is up."""

    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Pause:
    """Silence, in seconds."""

    seconds: float


@dataclass(frozen=True)
class Say:
    """One sentence, as the voice is to read it."""

    text: str
    at: int = field(default=0, compare=False)

    @property
    def shown(self) -> str:
        """The sentence as captions show it."""
        return PRONUNCIATION.sub(r"\1", self.text)


Step: TypeAlias = Say | Pause | Point


@dataclass(frozen=True)
class Paragraph:
    """Sentences, pauses and points in order; one cue of the transcript."""

    steps: tuple[Step, ...]

    @property
    def shown(self) -> str:
        """The paragraph's words without its marks; "" where it is all silence."""
        return " ".join(step.shown for step in self.steps if isinstance(step, Say))


Block: TypeAlias = Chapter | Slide | Paragraph


@dataclass
class Script:
    """A script's blocks in order, and the pictures that its slides show."""

    blocks: list[Block] = field(default_factory=list)

    @property
    def sentences(self) -> list[Say]:
        """Every sentence that is spoken, in order."""
        paragraphs = (block for block in self.blocks if isinstance(block, Paragraph))
        return [step for each in paragraphs for step in each.steps if isinstance(step, Say)]

    @property
    def pictures(self) -> list[Path]:
        """Every picture once, in order of first use."""
        slides = (block for block in self.blocks if isinstance(block, Slide))
        return list(dict.fromkeys(slide.picture for slide in slides if slide.picture))
