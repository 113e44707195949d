"""Two editors on one draft: the second is told, and loses nothing.

A form carries along a mark of each field as it was shown. Where a row says something else when the
form comes back, somebody has saved it meanwhile. What both changed is asked about; what one of the
two changed is kept, whoever it was.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import FileField, UniqueConstraint
from django.db.models.fields.files import FieldFile
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from courses.comparison.blocks import of_html, of_text
from courses.comparison.sides import Facing, facing


@dataclass(frozen=True, kw_only=True)
class Both:
    """A field that two people changed: its name and label, what the other saved, what is sent."""

    name: str
    label: str
    theirs: str
    yours: str
    is_html: bool

    @cached_property
    def facing(self) -> list[Facing]:
        blocks = of_html if self.is_html else of_text
        return facing(blocks(self.theirs), blocks(self.yours))

    @property
    def is_told_alike(self) -> bool:
        """Where the two differ in what is no word, such as the frame of a table."""
        return all(stretch.is_same for stretch in self.facing)


class MeanwhileForm(forms.ModelForm):  # type: ignore[type-arg]
    """For rows that are read under the lock of their edition, after which nobody else writes them.

    After cleaning, `both` are the fields that two people changed, with which nothing is saved.
    `theirs` are the labels of those that the other one alone changed; they stay as saved.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # In a table: the keys of its rows, among which the table sees to the fields `moves` itself.
    beside: Collection[int] = ()
    moves: Collection[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.both: list[Both] = []
        self.theirs: list[str] = []
        if self.instance.pk:
            self.saved = model_to_dict(self.instance)
            self.initial["seen"] = self._marks()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen = read(cleaned.get("seen", "")) if self.instance.pk else {}
        for name in self._changed_by_others(seen):
            self._settle(name, seen[name], cleaned)
        for name in self._files():
            self._settle_file(name, seen.get(name), cleaned.get(name))
        if self.both:
            # Once told, saving again is a choice.
            self._send_back("seen", self._marks())
            raise ValidationError(_sentence(self.both), code="meanwhile")
        return cleaned

    def has_changed(self) -> bool:
        """The mark alone is no change."""
        return any(name != "seen" for name in self.changed_data)

    def validate_unique(self) -> None:
        """Holds the row against those beside it too, where what is above them is no field here."""
        super().validate_unique()
        for constraint in self.instance._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and self._is_taken(constraint):
                self.add_error(constraint.fields[-1], str(constraint.violation_error_message))

    def _is_taken(self, constraint: UniqueConstraint) -> bool:
        own = {name: getattr(self.instance, name) for name in constraint.fields}
        others = type(self.instance)._default_manager.filter(**own).exclude(pk=self.instance.pk)
        if constraint.fields[-1] in self.moves:
            others = others.exclude(pk__in=self.beside)
        return constraint.fields[-1] in self.cleaned_data and others.exists()

    def _changed_by_others(self, seen: dict[str, str]) -> list[str]:
        return [
            name
            for name in self._own_words()
            if name in seen and seen[name] != self._mark(name, self.saved[name])
        ]

    def _settle(self, name: str, before: str, cleaned: dict[str, Any]) -> None:
        if name not in cleaned:
            return
        saved, yours = self.saved[name], cleaned[name]
        if self._mark(name, yours) == self._mark(name, saved):
            return
        label = str(self.fields[name].label)
        if self._mark(name, yours) == before:
            cleaned[name] = getattr(self.instance, name)
            self._send_back(name, self[name].field.prepare_value(saved))
            self.theirs.append(label)
            return
        is_html = "data-editor" in self.fields[name].widget.attrs
        theirs, yours = self._shown(name, saved), self._shown(name, yours)
        both = Both(name=name, label=label, theirs=theirs, yours=yours, is_html=is_html)
        self.both.append(both)

    def _settle_file(self, name: str, before: str | None, yours: Any) -> None:
        """Asked about where one is sent or taken away; a form says nothing of those it leaves."""
        saved = self.saved[name].name or ""
        is_left = yours is None or isinstance(yours, FieldFile)
        if is_left or before in {None, _mark(saved)} or getattr(yours, "name", "") == saved:
            return
        field = self.fields[name]
        taken_away = _("To be taken away. Tick it again if you mean theirs too.")
        theirs = getattr(field.widget, "now", saved) or _("No file")
        sent, label = str(yours or taken_away), str(field.label)
        both = Both(name=name, label=label, theirs=theirs, yours=sent, is_html=False)
        self.both.append(both)

    def _own_words(self) -> list[str]:
        """The fields of the row, without its files."""
        return [name for name in self._shared() if name not in self._files()]

    def _files(self) -> list[str]:
        fields = self.instance._meta
        return [name for name in self._shared() if isinstance(fields.get_field(name), FileField)]

    def _shared(self) -> list[str]:
        return sorted(getattr(self, "saved", {}).keys() & self.fields.keys())

    def _marks(self) -> str:
        return " ".join(f"{name}:{self._mark(name, self.saved[name])}" for name in self._shared())

    def _mark(self, name: str, value: Any) -> str:
        """Of what stands in the field: a database may give a list back in another order."""
        return _mark(self.fields[name].prepare_value(value))

    def _shown(self, name: str, value: Any) -> str:
        """As its editor reads it: the lines of a list, the words of a choice."""
        field = self.fields[name]
        written = "" if value is None else str(field.prepare_value(value))
        choices = getattr(field, "choices", ())
        return next((str(words) for key, words in choices if str(key) == written), written)

    def _send_back(self, name: str, value: Any) -> None:
        given: Any = self.data
        changed = given.copy()
        changed[self.add_prefix(name)] = value
        self.data = changed


def read(seen: str) -> dict[str, str]:
    """By name, the marks that a form carried along; nothing of what is none."""
    return dict(pair.split(":", 1) for pair in seen.split() if ":" in pair)


def _mark(value: Any) -> str:
    """Alike for a text however its lines end, and for a row and its key."""
    text = str(getattr(value, "pk", value) if value is not None else "")
    return sha256("\n".join(text.strip().splitlines()).encode()).hexdigest()[:12]


def _sentence(both: list[Both]) -> str:
    return _(
        "Somebody else changed this while you were writing (%s). Nothing of yours is lost: it is "
        "in the form below, and theirs stands beside it. Take over what you want, and save again."
    ) % ", ".join(each.label for each in both)
