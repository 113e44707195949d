"""The texts beside the weeks, where the folder has them: common-worries.md and glossary.md.

Either can be HTML instead, as common-worries.html: for what Markdown has no mark for.
"""

import re
from pathlib import Path

from django.utils.translation import gettext as _

from courses.html import first_level_headings, from_html, from_markdown
from courses.html_tree import parsed, plain
from courses.loading.attached import TEXTS, fault
from courses.loading.parts import ReadCompanion
from courses.loading.problems import Problems
from courses.loading.tables import read_text
from courses.models import Companion

_LONGEST_TITLE = 200
_TITLE_IN_HTML = re.compile(r"\s*<h1>(?P<title>.*?)</h1>", re.IGNORECASE | re.DOTALL)
FILES = {
    Companion.Kind.WORRIES: "common-worries.md",
    Companion.Kind.GLOSSARY: "glossary.md",
}


def read_companions(folder: Path, problems: Problems) -> list[ReadCompanion]:
    """`folder` is resolved. Each text that is there; what is wrong with one is noted."""
    read = [_read(kind, folder / name, problems) for kind, name in FILES.items()]
    return [companion for companion in read if companion]


def _read(kind: Companion.Kind, name: Path, problems: Problems) -> ReadCompanion | None:
    paths = [path for path in (name, name.with_suffix(".html")) if _is_named(path)]
    if len(paths) == 2:
        problems.add(paths[1], None, _("%s is there too. Keep one of the two.") % name.name)
    if not paths:
        return None
    path = paths[0]
    sentence = fault(path, path.name, TEXTS, problems.folder)
    if sentence:
        problems.add(path, None, sentence)
        return None
    text = read_text(path, problems)
    if text is None:
        return None
    titled = _titled_html if path.suffix == ".html" else _titled
    return titled(kind, text, path, problems)


def _is_named(path: Path) -> bool:
    return path.exists() or path.is_symlink()


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
    return _with_words(kind, title, from_markdown(body), path, problems)


def _titled_html(kind: Companion.Kind, text: str, path: Path, problems: Problems) -> ReadCompanion:
    """The title is the <h1> at the top; without one, the kind's own words."""
    title = str(kind.label)
    top = _TITLE_IN_HTML.match(text)
    if top:
        title = plain(parsed(from_html(top["title"])).children).strip()
        _check_title(title, 1, path, problems)
    return _with_words(kind, title, from_html(text[top.end() if top else 0 :]), path, problems)


def _with_words(
    kind: Companion.Kind, title: str, body: str, path: Path, problems: Problems
) -> ReadCompanion:
    if not body:
        problems.add(path, None, _("There are no words here. Write them, or remove the file."))
    return ReadCompanion(kind=kind.value, title=title, body=body)


def _check_title(title: str, line: int, path: Path, problems: Problems) -> None:
    if not title:
        problems.add(path, line, _("This heading has no words. Write the title."))
    if len(title) > _LONGEST_TITLE:
        sentence = _("The title is longer than %d characters. Shorten it.") % _LONGEST_TITLE
        problems.add(path, line, sentence)
