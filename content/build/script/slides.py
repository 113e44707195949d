"""Reads a slide: its title, a line of text, points and a picture."""

import re
from pathlib import Path

from content.build.script.faults import Fault, Line
from content.build.script.parts import Slide

PICTURE = re.compile(r"!\[([^\[\]]*)\]\(([^()]+)\)")
_NOT_SVG = "“{}” cannot be read as a drawing. Save it as SVG, in UTF-8."
MARK = re.compile(r"\[[^\]]*\]?(\([^)]*\))?|\]")


def read_slide(lines: list[Line], folder: Path, faults: list[Fault]) -> Slide:
    """The slide on these lines; the pictures that it names lie in `folder` or near it."""
    bare = [Line(number, text.lstrip("> ")) for number, text in lines]
    titles = _of_kind("title", bare)
    pictures = _of_kind("picture", bare)
    picture, description = _read_picture(pictures[:1], folder, faults)
    faults += _faults_of_title(bare, titles)
    faults += _faults_of_lines(bare, [*titles[1:], *pictures[1:]])
    return Slide(
        title=titles[0].text.removeprefix("### ").strip() if titles else "",
        line=" ".join(line.text for line in _of_kind("text", bare)),
        points=tuple(line.text.removeprefix("- ") for line in _of_kind("point", bare)),
        picture=picture,
        description=description,
        at=lines[0].number,
    )


def _of_kind(kind: str, lines: list[Line]) -> list[Line]:
    return [line for line in lines if _kind(line.text) == kind]


def _kind(text: str) -> str:
    for start, kind in (("### ", "title"), ("#", "heading"), ("- ", "point"), ("!", "picture")):
        if text.startswith(start):
            return kind
    return "text" if text else ""


def _faults_of_title(lines: list[Line], titles: list[Line]) -> list[Fault]:
    wrong = _of_kind("heading", lines)
    said = "“{}” cannot be read on a slide. Begin it with > ### and its title."
    faults = [Fault(line.number, said.format(line.text)) for line in wrong]
    if not titles and not wrong:
        said = "This slide has no title. Begin it with > ### and its title."
        faults.append(Fault(lines[0].number, said))
    return faults


def _faults_of_lines(lines: list[Line], extra: list[Line]) -> list[Fault]:
    said = "A slide has one title and one picture. Leave a line empty before the next slide."
    faults = [Fault(line.number, said) for line in extra]
    for line in lines:
        if _kind(line.text) != "picture" and (mark := MARK.search(line.text)):
            said = f"“{mark[0]}” is not read on a slide. Put it among the spoken words."
            faults.append(Fault(line.number, said))
    return faults


def _read_picture(lines: list[Line], folder: Path, faults: list[Fault]) -> tuple[Path | None, str]:
    """The picture and what it shows; (None, "") where there is none or it was refused."""
    if not lines:
        return None, ""
    number, text = lines[0]
    found = PICTURE.fullmatch(text)
    if found is None:
        said = f"“{text}” cannot be read. Write ![what it shows](../figures/picture.svg)."
        faults.append(Fault(number, said))
        return None, ""
    if said := _fault_of_picture(found[2], folder):
        faults.append(Fault(number, said))
        return None, ""
    return folder / found[2], found[1]


def _fault_of_picture(name: str, folder: Path) -> str:
    """Why the picture cannot be drawn; empty where it can. The course is the folder's parent."""
    path = folder / name
    if path.suffix.lower() != ".svg":
        return f"“{name}” is no drawing. Slides show .svg files."
    try:
        if not path.resolve().is_relative_to(folder.resolve().parent):
            return f"“{name}” lies outside the course folder. Copy it in."
        return "" if "<svg" in path.read_text("utf-8-sig") else _NOT_SVG.format(name)
    except UnicodeDecodeError:
        return _NOT_SVG.format(name)
    except (OSError, RuntimeError, ValueError):  # none, or a name that no file can have
        return f"There is no picture “{name}”. Draw it, or name another."
