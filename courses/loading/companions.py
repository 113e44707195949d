"""The texts beside the weeks: common-worries.md and glossary.md, where the folder has them."""

from pathlib import Path

from django.utils.translation import gettext as _

from courses.html import first_level_headings, from_markdown
from courses.loading.attached import fault
from courses.loading.parts import ReadCompanion
from courses.loading.problems import Problems
from courses.loading.tables import read_text
from courses.models import Companion

_LONGEST_TITLE = 200
FILES = {
    Companion.Kind.WORRIES: "common-worries.md",
    Companion.Kind.GLOSSARY: "glossary.md",
}


def read_companions(folder: Path, problems: Problems) -> list[ReadCompanion]:
    """`folder` is resolved. Each text that is there; what is wrong with one is noted."""
    read = [_read(kind, folder / name, problems) for kind, name in FILES.items()]
    return [companion for companion in read if companion]


def _read(kind: Companion.Kind, path: Path, problems: Problems) -> ReadCompanion | None:
    if not (path.exists() or path.is_symlink()):
        return None
    sentence = fault(path, path.name, (".md",), problems.folder)
    if sentence:
        problems.add(path, None, sentence)
        return None
    text = read_text(path, problems)
    return _titled(kind, text, path, problems) if text is not None else None


def _titled(kind: Companion.Kind, text: str, path: Path, problems: Problems) -> ReadCompanion:
    """The title is the first-level heading at the top; without one, the kind's own words."""
    title, body, lines = str(kind.label), text, text.split("\n")
    headings = first_level_headings(text)
    if headings and not "".join(lines[: headings[0].line - 1]).strip():
        top = headings.pop(0)
        title, body = top.words, "\n".join(lines[top.end :])
        _check_title(top.words, top.line, path, problems)
    for heading in headings:
        sentence = _("One # alone is for the title, at the top. Begin this heading with ##.")
        problems.add(path, heading.line, sentence)
    if not from_markdown(body):
        problems.add(path, None, _("There are no words here. Write them, or remove the file."))
    return ReadCompanion(kind=kind.value, title=title, body=body.strip())


def _check_title(title: str, line: int, path: Path, problems: Problems) -> None:
    if not title:
        problems.add(path, line, _("This heading has no words. Write the title."))
    if len(title) > _LONGEST_TITLE:
        sentence = _("The title is longer than %d characters. Shorten it.") % _LONGEST_TITLE
        problems.add(path, line, sentence)
