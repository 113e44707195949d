"""The weeks of an edition to take away: a zip that is made while it is sent."""

import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db.models import Count, Sum
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.media import is_there
from courses.models import Companion, Edition, Material, Module

PIECE = 64 * 1024
_PAGE_BYTES = 3_000  # what a page of words weighs compressed, near enough


@dataclass(frozen=True)
class _Entry:
    """A file in the zip; `words` name it on the index."""

    name: str
    words: str
    size: int
    pieces: Iterable[bytes]
    compression: int


def size(edition: Edition, *, weeks: Collection[int]) -> int:
    """About how many bytes `stream` will give; one query, and the disk is not asked."""
    materials = Material.objects.filter(module__edition=edition, module__week__in=weeks)
    counted = materials.aggregate(media=Sum("file_size", default=0), pages=Count("pk"))
    beside = 1 + len(Companion.Kind)  # the index, and the texts that an edition can have
    return int(counted["media"]) + _PAGE_BYTES * (int(counted["pages"]) + beside)


def stream(edition: Edition, *, weeks: Collection[int]) -> Iterator[bytes]:
    """A zip with an index, the texts beside the weeks and, week by week, handouts, words and media.

    Of the `weeks` given, and no others; the index says so where that is not the whole course.

    A medium that has gone from the disk is left out, and not on the index.
    """
    spool = Spool()
    with zipfile.ZipFile(spool, "w") as archive:
        for entry in _entries(edition, weeks):
            with archive.open(_info(entry, edition), "w") as out:
                for piece in entry.pieces:
                    out.write(piece)
                    yield from spool.taken()
    yield from spool.taken()


class Spool:
    """What ZipFile wrote since it was last asked. It cannot seek, so ZipFile writes straight on."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes, /) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is held here."""

    def taken(self) -> list[bytes]:
        pieces, self.pieces = self.pieces, []
        return pieces


def _info(entry: _Entry, edition: Edition) -> zipfile.ZipInfo:
    made = edition.published_at or edition.created_at
    info = zipfile.ZipInfo(entry.name, made.timetuple()[:6])
    info.compress_type = entry.compression
    info.file_size = entry.size  # lets ZipFile choose the 64-bit form for a very long video
    info.external_attr = 0o644 << 16
    return info


def _entries(edition: Edition, weeks: Collection[int]) -> Iterator[_Entry]:
    modules = list(edition.modules.filter(week__in=weeks).prefetch_related("materials"))
    beside = [_of_companion(companion, edition) for companion in edition.companions.all()]
    context: dict[str, object] = {
        "edition": edition,
        "beside": beside,
        "weeks": [{"module": module, "materials": _listed(module)} for module in modules],
        "is_whole": len(modules) == edition.modules.count(),
    }
    yield _page("index.html", "index", context)
    yield _text("pack.css", render_to_string("courses/pack/pack.css"))
    yield from beside
    for module in modules:
        for material in module.materials.all():
            yield from _of_material(material, module)


def _of_companion(companion: Companion, edition: Edition) -> _Entry:
    context: dict[str, object] = {"text": companion, "edition": edition}
    name = f"beside-the-weeks/{companion.kind}.html"
    return _page(name, "page", context, words=companion.title)


def _listed(module: Module) -> list[dict[str, object]]:
    materials = module.materials.all()
    return [{"material": each, "files": list(_of_material(each, module))} for each in materials]


def _of_material(material: Material, module: Module) -> Iterator[_Entry]:
    stem = f"week-{module.week}/{material.position}-{slugify(material.title)[:60]}"
    # One name before the dot, so that players find the captions beside the medium.
    if is_there(material.file):
        words = _("to watch") if material.kind == Material.Kind.VIDEO else _("to listen to")
        yield _medium(stem, words, material.file)
    if is_there(material.captions):
        yield _medium(stem, _("captions"), material.captions)
    if material.body or material.transcript:
        context: dict[str, object] = {
            "text": material,
            "module": module,
            "edition": module.edition,
        }
        yield _page(f"{stem}.html", "page", context, words=_("to read"))


def _page(name: str, template: str, context: dict[str, object], *, words: str = "") -> _Entry:
    return _text(name, render_to_string(f"courses/pack/{template}.html", context), words=words)


def _text(name: str, content: str, *, words: str = "") -> _Entry:
    written = content.encode()
    return _Entry(name, words, len(written), [written], zipfile.ZIP_DEFLATED)


def _medium(stem: str, words: str, file: FieldFile) -> _Entry:
    name = stem + PurePosixPath(file.name or "").suffix
    return _Entry(name, words, file.size, pieces_of(file), zipfile.ZIP_STORED)


def pieces_of(file: FieldFile) -> Iterator[bytes]:
    with file.storage.open(file.name or "", "rb") as content:
        while piece := content.read(PIECE):
            yield piece
