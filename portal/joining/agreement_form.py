from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.joining import NAME_LENGTH
from portal.posted import NOT_TEXT
from studies.agreeing import StatementsForm
from studies.models import Document


class AgreementForm(StatementsForm):
    """The statements and, for research, a typed name.

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
        super().__init__(*args, reading=reading, **kwargs)
        # After the statements, as it stands on the page; or not at all.
        typed_name = self.fields.pop("typed_name")
        if signed:
            self.fields["typed_name"] = typed_name
