"""What a draft needs before people can be given it, each with the place where it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from courses.html_tree import parsed, plain
from courses.media import is_there
from courses.models import Companion, Edition, Material, Module


@dataclass(frozen=True)
class Lack:
    """A sentence, and the row on whose page it is mended."""

    sentence: str
    row: Edition | Module | Material


def lacks(edition: Edition) -> list[Lack]:
    """In the order of the weeks; empty for an edition that can be published."""
    modules = list(edition.modules.prefetch_related("materials"))
    if not modules:
        return [Lack(_("This edition has no weeks. Add one first."), edition)]
    return [
        *_of_weeks(edition, modules),
        *(lack for module in modules for lack in _of_module(module)),
        *(lack for text in edition.companions.all() for lack in _of_companion(edition, text)),
    ]


def _of_weeks(edition: Edition, modules: list[Module]) -> Iterator[Lack]:
    there = {module.week for module in modules}
    for week in range(1, max(there)):
        if week not in there:
            yield Lack(_("Week %(week)d is missing.") % {"week": week}, edition)


def _of_module(module: Module) -> Iterator[Lack]:
    materials = module.materials.all()
    if not materials:
        said = _("Week %(week)d has no materials. Add one, or remove the week.")
        yield Lack(said % {"week": module.week}, module)
    for material in materials:
        words = {"week": module.week, "title": material.title}
        for sentence in _of_material(material):
            yield Lack(_("Week %(week)d, “%(title)s”:") % words + f" {sentence}", material)


def _of_material(material: Material) -> Iterator[str]:
    if material.kind == Material.Kind.VIDEO and not material.file:
        yield _("there is no film. Add it.")
    elif material.kind == Material.Kind.HANDOUT and not has_words(material.body):
        yield _("there is no text. Write it.")
    elif not material.file and not has_words(material.body):
        yield _("there is neither a recording nor a text. Add one of them.")
    if material.file:
        yield from _of_medium(material)


def _of_medium(material: Material) -> Iterator[str]:
    """A medium is one of its kind, and never comes without words to read."""
    from courses.uploads.forms import wrong_kind  # Reads folders too, for which one publishes.

    if sentence := wrong_kind(material.file.name, material.kind):
        yield sentence
    if not material.captions:
        yield _("there are no captions. Add them.")
    if not material.transcript:
        yield _("the words that are spoken are missing. Write them.")
    if material.duration is None:
        yield _("it does not say how long it lasts. Fill in the duration.")
    for file in _gone(material):
        yield _("the file %s has gone from this server. Add it once more.") % file.name


def _gone(material: Material) -> Iterator[FieldFile]:
    for file in (material.file, material.captions, material.poster):
        if file and not is_there(file):
            yield file


def _of_companion(edition: Edition, text: Companion) -> Iterator[Lack]:
    if not has_words(text.body):
        yield Lack(_("“%s” has no words. Write them, or remove it.") % text.title, edition)


def has_words(html: str) -> bool:
    return bool(plain(parsed(html).children).strip())
