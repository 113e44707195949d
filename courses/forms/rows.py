"""Rows in a table of the admin: named for those who do not see it, and free to change places."""

from itertools import count
from typing import Any

from django.forms import BaseInlineFormSet
from django.utils.functional import cached_property


class NamedFields(BaseInlineFormSet):  # type: ignore[type-arg]
    """Its forms are `RowForm`s. Each field has a name that says to which row it belongs."""

    @cached_property
    def forms(self) -> list[Any]:
        """A row that was there, and is none of the table's any more, was deleted meanwhile."""
        forms: list[Any] = super().forms
        for form in forms[: self.initial_form_count()]:
            form.is_gone = self.is_bound and form.instance.pk is None
        return forms

    def _should_delete_form(self, form: Any) -> bool:
        is_ticked = super()._should_delete_form(form)  # type: ignore[misc]
        return bool(form.is_gone or is_ticked) and not form.asks

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = f", {form.instance}" if form.instance.pk else ""
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", f"{field.label}{row}")


class Places(NamedFields):
    """For rows that each have a place, a number of which there is one: the field `place`.

    Two of them may change places, and one may move to where another is deleted.
    """

    place = ""

    @cached_property
    def forms(self) -> list[Any]:
        """Rows that somebody added meanwhile are not among those that can make room."""
        forms: list[Any] = super().forms
        for form in forms:
            form.moves = [self.place]
            form.beside = [each.instance.pk for each in forms if each.instance.pk]
        return forms

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's own
        self._make_room()
        return super().save(commit)

    def _make_room(self) -> None:
        """Rows are written one after the other, and may not pass through a place that is taken."""
        rows = self.model._default_manager.filter(**{self.fk.name: self.instance})
        places = dict(rows.values_list("pk", self.place))
        wanted = {form.cleaned_data.get(self.place) for form in self.forms}
        free = (number for number in count(1) if number not in {*places.values(), *wanted})
        for form in self.initial_forms:
            pk = form.instance.pk
            if form in self.deleted_forms or form.cleaned_data.get(self.place) != places.get(pk):
                rows.filter(pk=pk).update(**{self.place: next(free)})


class Weeks(Places):
    place = "week"


class Positions(Places):
    place = "position"
