"""An edition as the files of a course folder, which `load_course` reads as the same again."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath

from django.db.models.fields.files import FieldFile

from courses.html import first_level_headings
from courses.loading.companions import FILES
from courses.models import Companion, Course, Edition, Material, Module
from courses.travel import timed, toml
from courses.travel.markdown import as_text, to_markdown

_FACTS = ("title", "slug", "summary", "language", "licence", "authorship")


@dataclass(frozen=True)
class Written:
    """A file below the course's folder; `content` is its words, or the medium to copy."""

    name: str
    content: str | FieldFile


def files_of(edition: Edition) -> Iterator[Written]:
    """Week by week. A medium that has gone from the disk is named all the same: it is missed."""
    yield Written("course.toml", _facts(edition.course))
    for companion in edition.companions.all():
        yield _companion(companion)
    for module in edition.modules.prefetch_related("materials__alternative_to"):
        yield from _week(module)


def _facts(course: Course) -> str:
    return toml.table({name: getattr(course, name) for name in _FACTS})


def _companion(companion: Companion) -> Written:
    name = FILES[Companion.Kind(companion.kind)]
    text = to_markdown(companion.body)
    titled = f"# {as_text(companion.title)}\n\n{text}\n"
    if text is not None and first_level_headings(titled)[0].words == companion.title:
        return Written(name, titled)
    html = f"<h1>{escape(companion.title)}</h1>\n{companion.body}\n"
    return Written(str(PurePosixPath(name).with_suffix(".html")), html)


def _week(module: Module) -> Iterator[Written]:
    folder = f"week-{module.week}"
    yield Written(f"{folder}/module.toml", "\n".join(_tables(module)))
    for material in module.materials.all():
        for name, content in _files(material):
            yield Written(f"{folder}/{name}", content)


def _tables(module: Module) -> Iterator[str]:
    introduction = to_markdown(module.introduction)
    yield toml.table(
        {
            "title": module.title,
            "aim": module.aim,
            "introduction": introduction,
            "introduction_html": module.introduction if introduction is None else None,
        }
    )
    for practice in module.practice:
        yield "[[practice]]\n" + toml.table({**practice})
    for material in module.materials.all():
        yield "[[material]]\n" + toml.table(_material(material))


def _material(material: Material) -> dict[str, toml.Value | None]:
    """As content/README.md lists them; of its files, the names."""
    beside = material.alternative_to
    names = {field: file.name for field, file in _named(material).items()}
    return {
        "key": material.key,
        "kind": material.kind,
        "alternative_to": beside.key if beside else None,
        "title": material.title,
        "summary": material.summary,
        **names,
        "duration": material.duration,
    }


def _files(material: Material) -> Iterator[tuple[str, str | FieldFile]]:
    return ((file.name, file.content) for file in _named(material).values())


def _named(material: Material) -> dict[str, Written]:
    """What a material's row keeps in files of a folder, by the key that names each."""
    key = material.key
    media = {
        "file": _medium(key, material.file),
        "captions": _medium(key, material.captions),
        "poster": _medium(key, material.poster),
    }
    texts = {
        "chapters": _timed(f"{key}.chapters.vtt", timed.of_chapters(material)),
        "transcript": _timed(f"{key}.transcript.vtt", timed.of_transcript(material)),
        "body": _body(material),
    }
    return {name: file for name, file in (media | texts).items() if file}


def _medium(key: str, file: FieldFile) -> Written | None:
    return Written(key + PurePosixPath(file.name or "").suffix, file) if file else None


def _timed(name: str, text: str) -> Written | None:
    return Written(name, text) if text else None


def _body(material: Material) -> Written | None:
    if not material.body:
        return None
    text = to_markdown(material.body)
    if text is None:
        return Written(f"{material.key}.html", material.body + "\n")
    return Written(f"{material.key}.md", text + "\n")
