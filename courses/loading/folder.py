"""The whole folder: course.toml, week-1, week-2 ... without a gap, the texts beside them."""

import re
from pathlib import Path

from django.utils.translation import gettext as _

from courses.html import from_html, from_markdown
from courses.loading.companions import read_companions
from courses.loading.materials import read_materials
from courses.loading.parts import CourseFacts, ReadCourse, ReadWeek
from courses.loading.problems import CourseFolderError, Problems
from courses.loading.tables import Table, read_toml
from courses.parts import Practice

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
WEEK = re.compile(r"week-([1-9]\d?)")
_LIKE_A_WEEK = re.compile(r"[\W_]*week", re.IGNORECASE)
_NUMBERED = re.compile(r"[\W_]*week[\W_]*0*([1-9]\d?)[\W_]*", re.IGNORECASE)
_FACTS = ("slug", "title", "summary", "language", "licence", "authorship")
_MODULE = ("title", "aim", "introduction", "introduction_html", "practice", "material")


def read_folder(folder: Path) -> ReadCourse:
    """The course in `folder`; raises CourseFolderError with everything that is wrong in it."""
    folder = folder.resolve()
    if not folder.is_dir():
        raise CourseFolderError([_("There is no folder %s.") % folder])
    problems = Problems(folder)
    facts = _read_facts(folder, problems)
    weeks = [_read_week(number, folder, problems) for number in _week_numbers(folder, problems)]
    companions = read_companions(folder, problems)
    problems.raise_any()
    assert facts is not None  # or a problem has been raised
    return ReadCourse(facts=facts, weeks=[week for week in weeks if week], companions=companions)


def _read_facts(folder: Path, problems: Problems) -> CourseFacts | None:
    table = read_toml(folder / "course.toml", problems)
    if table is None:
        return None
    table.check_keys(_FACTS)
    slug = table.text("slug", required=True, longest=50)
    if slug and not _SLUG.match(slug):
        table.wrong(
            "slug", _("Write “slug” in small letters, digits and hyphens, like four-weeks.")
        )
    return CourseFacts(
        slug=slug,
        title=table.text("title", required=True, longest=200),
        summary=table.text("summary"),
        language=table.text("language", longest=12) or "en-GB",
        licence=table.text("licence", longest=200),
        authorship=table.text("authorship"),
    )


def _week_numbers(folder: Path, problems: Problems) -> range:
    """1 up to the last week that has a folder; a gap is noted when it is read."""
    last = 0
    for path in sorted(folder.iterdir()):
        number = WEEK.fullmatch(path.name)
        if number and path.is_dir():
            last = max(last, int(number[1]))
        elif _LIKE_A_WEEK.match(path.name) or (path / "module.toml").exists():
            problems.add(path, None, _said_of_name(path.name))
    if not last:
        problems.sentences.append(_("There are no weeks. Make a folder week-1 with a module.toml."))
    return range(1, last + 1)


def _said_of_name(name: str) -> str:
    if number := _NUMBERED.fullmatch(name):
        words = {"name": name, "number": int(number[1])}
        return _("“%(name)s” is not read. Call this week’s folder week-%(number)d.") % words
    sentence = _(
        "“%s” is not read. Call a week’s folder week-1, week-2 and so on, or move this out."
    )
    return sentence % name


def _read_week(number: int, folder: Path, problems: Problems) -> ReadWeek | None:
    path = folder / f"week-{number}"
    if not path.is_dir():
        problems.add(path, None, _("This week is missing, but a later one is there."))
        return None
    table = read_toml(path / "module.toml", problems)
    if table is None:
        return None
    table.check_keys(_MODULE)
    return ReadWeek(
        week=number,
        title=table.text("title", required=True, longest=200),
        aim=table.text("aim"),
        introduction=_introduction(table),
        practice=[_read_practice(each) for each in table.tables("practice")],
        materials=read_materials(table),
    )


def _introduction(table: Table) -> str:
    """Written in Markdown, or in HTML under its other name."""
    if "introduction" in table.data and "introduction_html" in table.data:
        sentence = _("“introduction” is there too. Keep one of the two.")
        table.wrong("introduction_html", sentence)
    return from_markdown(table.text("introduction")) or from_html(table.text("introduction_html"))


def _read_practice(table: Table) -> Practice:
    table.check_keys(("when", "what"))
    return Practice(when=table.text("when", required=True), what=table.text("what", required=True))
