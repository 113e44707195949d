from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.joining import NAME_LENGTH
from portal.posted import NOT_TEXT
from studies.models import Document


class AgreementForm(forms.Form):
    """The statements of one exact version, none ticked, and for research a typed name.

    `document` carries the version that was read, so that a newer one is noticed.
    """

    document = forms.IntegerField(widget=forms.HiddenInput)
    typed_name = forms.CharField(
        label=_("Your full name"),
        help_text=_("This is your signature. It is kept apart from your answers."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={
            **NOT_TEXT,
            "required": _("Type your full name to sign."),
            "max_length": _("Type your name in no more than %(limit_value)d letters."),
        },
    )

    def __init__(self, *args: Any, reading: Document, signed: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {**kwargs.get("initial", {}), "document": reading.pk}
        super().__init__(*args, **kwargs)
        self.statements = list(reading.statements.order_by("position"))
        if not signed:
            del self.fields["typed_name"]
        for statement in self.statements:
            self.fields[_name(statement.key)] = forms.BooleanField(
                label=statement.text,
                required=statement.required,
                error_messages={"required": _please_tick(statement.text)},
            )
        self.order_fields(["document", *(_name(one.key) for one in self.statements), "typed_name"])

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
