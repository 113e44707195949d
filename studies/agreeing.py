"""The statements of one exact version of a document, as boxes to tick."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import Truncator
from django.utils.translation import gettext

from studies.models import Document


class StatementsForm(forms.Form):
    """None is ticked beforehand. A required one that is left out is named."""

    def __init__(self, *args: Any, reading: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statements = list(reading.statements.order_by("position"))
        for statement in self.statements:
            self.fields[_name(statement.key)] = forms.BooleanField(
                label=statement.text,
                required=statement.required,
                error_messages={"required": _please_tick(statement.text)},
            )

    @property
    def needed(self) -> list[BoundField]:
        return [self[_name(one.key)] for one in self.statements if one.required]

    @property
    def optional(self) -> list[BoundField]:
        return [self[_name(one.key)] for one in self.statements if not one.required]

    @property
    def answers(self) -> dict[str, bool]:
        return {one.key: self.cleaned_data[_name(one.key)] for one in self.statements}


def _please_tick(text: str) -> str:
    """Names the line, so that several of these at the top of the page can be told apart."""
    return gettext("To take part, tick “%(line)s”") % {"line": Truncator(text).words(6)}


def _name(key: str) -> str:
    return f"statement-{key}"
