"""From a file to a script: which lines belong together, and what each run of them is."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from content.build.script.faults import Fault, Line, ScriptError
from content.build.script.order import faults_of_order
from content.build.script.parts import Block, Chapter, Script
from content.build.script.slides import read_slide
from content.build.script.words import read_paragraph


def read_script(path: Path) -> Script:
    """The script in `path`; raises ScriptError with everything that is wrong in it.

    Raises OSError or UnicodeDecodeError where there is no text to read.
    """
    faults: list[Fault] = []
    runs = _runs(path.read_text("utf-8-sig"))
    blocks = [_read_block(run, path.parent, faults) for run in runs]
    # Judged once all else is right: one mistyped [point] would be said twice.
    faults = faults or faults_of_order(blocks)
    if faults:
        raise ScriptError(path, sorted(faults))
    return Script(blocks)


def _runs(text: str) -> Iterator[list[Line]]:
    """A heading, all lines of a slide, or all lines of a paragraph."""
    lines = (Line(number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    for what, run in groupby(lines, key=_belongs_to):
        if what:
            yield list(run)


def _belongs_to(line: Line) -> str:
    match line.text[:1]:
        case "":
            return ""
        case "#":
            return f"heading {line.number}"  # stands alone
        case ">":
            return "slide"
        case _:
            return "paragraph"


def _read_block(run: list[Line], folder: Path, faults: list[Fault]) -> Block:
    match run[0].text[0]:
        case "#":
            return _read_chapter(run[0], faults)
        case ">":
            return read_slide(run, folder, faults)
        case _:
            return read_paragraph(run, faults)


def _read_chapter(line: Line, faults: list[Fault]) -> Chapter:
    heading = re.fullmatch(r"##\s+([^\[\]]+)", line.text)
    if heading is None:
        sentence = f"“{line.text}” cannot be read. A chapter begins with ## and its title alone."
        faults.append(Fault(line.number, sentence))
    return Chapter(heading[1] if heading else "", line.number)
