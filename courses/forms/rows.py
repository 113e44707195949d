"""Rows in a table of the admin: their fields have names for those who do not see the table."""

from typing import Any

from django.forms import BaseInlineFormSet


class NamedFields(BaseInlineFormSet):  # type: ignore[type-arg]
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        row = f", {form.instance}" if form.instance.pk else ""
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", f"{field.label}{row}")
