"""A draft beside a published edition: week by week, text by text, part by part."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from courses.comparison.blocks import Stretch, compared
from courses.comparison.fields import Part, of_companion, of_material, of_module
from courses.models import Companion, Edition, Material, Module

Row = TypeVar("Row", Module, Material, Companion)
Fate = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True)
class Field:
    """A part that changed. `otherwise` says what differs where all that is shown is alike."""

    label: str
    stretches: list[Stretch]
    otherwise: str = ""


@dataclass(frozen=True)
class Compared:
    """A row of either edition, or of both, with its fields that changed."""

    row: Module | Material | Companion
    fate: Fate
    fields: list[Field]


@dataclass(frozen=True)
class Week:
    """With its materials; its fate is theirs too."""

    own: Compared
    materials: list[Compared]

    @property
    def fate(self) -> Fate:
        is_same = all(material.fate == "same" for material in self.materials)
        return "changed" if self.own.fate == "same" and not is_same else self.own.fate

    @property
    def differing(self) -> list[Compared]:
        return [material for material in self.materials if material.fate != "same"]


@dataclass(frozen=True)
class Comparison:
    weeks: list[Week]
    beside: list[Compared]

    @property
    def is_same(self) -> bool:
        fates = [*(week.fate for week in self.weeks), *(each.fate for each in self.beside)]
        return all(fate == "same" for fate in fates)


def compare(old: Edition | None, new: Edition) -> Comparison:
    """What `new` has that `old` has not, and the other way round. Without an old one all is new."""
    old_weeks, new_weeks = ({m.week: m for m in _modules(each)} for each in (old, new))
    old_texts, new_texts = ({c.kind: c for c in _companions(each)} for each in (old, new))
    return Comparison(
        weeks=[
            _week(old_weeks.get(number), new_weeks.get(number))
            for number in sorted({*old_weeks, *new_weeks})
        ],
        beside=[
            _row(old_texts.get(kind), new_texts.get(kind), of_companion)
            for kind in _keys(old_texts, new_texts)
        ],
    )


def _modules(edition: Edition | None) -> Iterable[Module]:
    return edition.modules.prefetch_related("materials__alternative_to") if edition else ()


def _companions(edition: Edition | None) -> Iterable[Companion]:
    return edition.companions.all() if edition else ()


def _week(old: Module | None, new: Module | None) -> Week:
    before, after = ({m.key: m for m in _materials(each)} for each in (old, new))
    return Week(
        own=_row(old, new, of_module),
        materials=[
            _row(before.get(key), after.get(key), of_material) for key in _keys(before, after)
        ],
    )


def _materials(module: Module | None) -> Iterable[Material]:
    return module.materials.all() if module else ()


def _keys(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """In the order of the new, and then what is gone."""
    return [*new, *(key for key in old if key not in new)]


def _row(old: Row | None, new: Row | None, parts_of: Callable[[Row], list[Part]]) -> Compared:
    row = new or old
    assert row is not None  # it is in one of the two
    fields = _fields(parts_of(old) if old else [], parts_of(new) if new else [])
    if old and new:
        return Compared(row, "changed" if fields else "same", fields)
    return Compared(row, "added" if new else "removed", fields)


def _fields(old: list[Part], new: list[Part]) -> list[Field]:
    before = {part.label: part for part in old}
    after = {part.label: part for part in new}
    labels = [part.label for part in (new or old)]
    pairs = ((before.get(label), after.get(label), label) for label in labels)
    return [field for was, is_now, label in pairs if (field := _field(was, is_now, label))]


def _field(was: Part | None, is_now: Part | None, label: str) -> Field | None:
    old, new = (part or Part(label, []) for part in (was, is_now))
    if old == new:
        return None
    otherwise = new.otherwise if old.told == new.told else ""
    return Field(label, compared(old.told, new.told), otherwise)
