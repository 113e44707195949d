"""One `[[material]]` of a week, and how those of a week fit together."""

import re

from django.utils.translation import gettext as _

from courses.loading import attached
from courses.loading.parts import ReadMaterial
from courses.loading.tables import Table
from courses.models import Material

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_KNOWN = (
    *("key", "kind", "title", "summary", "body", "file", "captions", "transcript", "chapters"),
    *("poster", "duration", "alternative_to", "script"),
)


def read_materials(module: Table) -> list[ReadMaterial]:
    tables = module.tables("material")
    if not tables:
        module.wrong("material", _("There is no [[material]]. Add one."))
    materials = [read_material(table) for table in tables]
    _check_keys(tables, materials)
    _check_alternatives(tables, materials)
    return materials


def read_material(table: Table) -> ReadMaterial:
    table.check_keys(_KNOWN)
    kind = _kind(table)
    duration = table.seconds("duration")
    material = ReadMaterial(
        key=_key(table),
        kind=kind,
        title=table.text("title", required=True, longest=200),
        summary=table.text("summary"),
        body=attached.body(table),
        duration=duration,
        alternative_to=table.text("alternative_to"),
        file=attached.attached(table, "file", attached.MEDIA[kind])
        if kind in attached.MEDIA
        else None,
        captions=attached.checked_captions(table, duration),
        poster=attached.attached(table, "poster", attached.PICTURES),
        transcript=attached.transcript(table, duration),
        chapters=attached.chapters(table, duration),
    )
    if kind in Material.Kind.values:  # or nobody knows what it needs
        _check_complete(table, kind)
    return material


def _key(table: Table) -> str:
    key = table.text("key", required=True, longest=50)
    if key and not _KEY.match(key):
        table.wrong("key", _("Write “key” in small letters, digits and hyphens, like short-talk."))
    return key


def _kind(table: Table) -> str:
    kind = table.text("kind", required=True)
    if kind and kind not in Material.Kind.values:
        words = {"kind": kind, "kinds": ", ".join(Material.Kind.values)}
        table.wrong("kind", _("“%(kind)s” is no kind of material. Choose: %(kinds)s.") % words)
    return kind


def _check_complete(table: Table, kind: str) -> None:
    """A medium never comes without words to read; text never without text."""
    if kind == Material.Kind.HANDOUT:
        needed: tuple[str, ...] = ("body",)
    elif kind == Material.Kind.EXERCISE and "file" not in table.data:
        needed = ("body",)
    else:
        needed = ("file", "captions", "transcript", "duration")
    for key in needed:
        if key not in table.data:
            words = {"key": key, "kind": kind}
            table.wrong(None, _("“%(key)s” is missing. Each %(kind)s like this needs it.") % words)
    if kind == Material.Kind.HANDOUT and "file" in table.data:
        table.wrong("file", _("A handout has no “file”. Name its Markdown as “body”."))


def _check_keys(tables: list[Table], materials: list[ReadMaterial]) -> None:
    seen: set[str] = set()
    for table, material in zip(tables, materials, strict=True):
        if material.key and material.key in seen:
            table.wrong(
                "key", _("There is another “%s” in this week. Choose another key.") % material.key
            )
        seen.add(material.key)


def _check_alternatives(tables: list[Table], materials: list[ReadMaterial]) -> None:
    by_key = {material.key: material for material in materials}
    for table, material in zip(tables, materials, strict=True):
        name = material.alternative_to
        if not name:
            continue
        if name == material.key:
            table.wrong("alternative_to", _("A material cannot be the alternative to itself."))
        elif name not in by_key:
            others = [key for key in by_key if key and key != material.key]
            words = {"name": name, "keys": ", ".join(others)}
            sentence = _("There is no material “%(name)s” in this week. Choose: %(keys)s.")
            table.wrong("alternative_to", sentence % words)
        elif by_key[name].alternative_to:
            sentence = _("“%s” is an alternative itself. Name the one that both can stand in for.")
            table.wrong("alternative_to", sentence % name)
