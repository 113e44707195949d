"""What a week, a material or a text beside the weeks is made of, each part as blocks to compare."""

from pathlib import PurePosixPath
from typing import NamedTuple

from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from courses.comparison.blocks import Block, Word, of_html, of_text
from courses.html_tree import canonical
from courses.models import Companion, Material, Module


class Part(NamedTuple):
    """`told` is what is shown. `known` tells two apart that are told alike, and then `otherwise`
    says what differs.
    """

    label: str
    told: list[Block]
    known: str = ""
    otherwise: str = ""


def of_module(module: Module) -> list[Part]:
    return [
        Part(_("Title"), of_text(module.title)),
        Part(_("Aim"), of_text(module.aim)),
        _of_html(_("Introduction"), module.introduction),
        Part(
            _("What to practise"),
            of_text("\n".join(f"{each['when']}: {each['what']}" for each in module.practice)),
        ),
    ]


def of_companion(companion: Companion) -> list[Part]:
    return [
        Part(_("Title"), of_text(companion.title)),
        _of_html(_("Text"), companion.body),
    ]


def of_material(material: Material) -> list[Part]:
    beside = material.alternative_to
    return [
        Part(_("Kind"), of_text(str(material.get_kind_display()))),
        Part(_("Place in the week"), of_text(str(material.position))),
        Part(_("Title"), of_text(material.title)),
        Part(_("Summary"), of_text(material.summary)),
        Part(_("A shorter form of"), of_text(beside.title if beside else "")),
        _of_html(_("Text"), material.body),
        _of_file(_("File"), material.file, _of_medium(material)),
        _of_file(_("Captions"), material.captions, _of_type(material.captions)),
        _of_file(_("Still picture"), material.poster, _of_type(material.poster)),
        Part(_("Parts"), of_text(_timed(material.chapters, "title"))),
        Part(_("The words that are spoken"), of_text(_spoken(material))),
    ]


def _of_medium(material: Material) -> list[Block]:
    """By its length and size: of its name, which is a digest, the type alone says something."""
    if not material.file:
        return []
    words = {
        "type": _type_of(material.file),
        "length": clock(material.duration or 0),
        "size": filesizeformat(material.file_size),
    }
    return _one(_("%(type)s, %(length)s long, %(size)s") % words)


def _of_type(file: FieldFile) -> list[Block]:
    return _one(_type_of(file)) if file else []


def _of_file(label: str, file: FieldFile, told: list[Block]) -> Part:
    """A file is named by its content."""
    return Part(label, told, file.name or "", _("It is another file."))


def _of_html(label: str, html: str) -> Part:
    otherwise = _("The words are the same. How they are set out is not.")
    return Part(label, of_html(html), canonical(html), otherwise)


def _one(told: str) -> list[Block]:
    """As one word: files change as a whole."""
    return [Block((Word(told),))]


def _type_of(file: FieldFile) -> str:
    return PurePosixPath(file.name or "").suffix.removeprefix(".").upper()


def _timed(rows: list[dict[str, object]], name: str) -> str:
    return "\n".join(f"{clock(float(str(row['at'])))} {row[name]}" for row in rows)


def _spoken(material: Material) -> str:
    """Without the times, which all change when one sentence is spoken anew."""
    return "\n".join(str(row["text"]) for row in material.transcript)


def clock(seconds: float) -> str:
    """As players show it: 0:31, 12:05, 1:00:00."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
