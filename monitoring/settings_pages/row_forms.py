"""One row each: a statement, a criterion, an arm. Where it belongs and its place come later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from monitoring.settings_pages.words import Box
from scheduling.address_field import NOT_TEXT
from studies.models import Arm, ConsentStatement, EligibilityCriterion

_KEY = {
    "required": _("Write a key: a short name, such as interview."),
    "invalid": _("Use letters, digits, hyphens and underscores for a key, such as interview."),
    "max_length": _("Use no more than 50 letters for a key."),
}
_Key = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": "50"})


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages.update(NOT_TEXT)
        self.fields["key"].error_messages.update(_KEY)


class StatementForm(RowForm):
    class Meta:
        model = ConsentStatement
        fields = ("text", "key", "required")
        widgets = {"text": Box(attrs={"rows": 3}), "key": _Key}
        labels = {
            "text": _("What people agree to"),
            "key": _("Key"),
            "required": _("Nobody can take part without it"),
        }
        help_texts = {
            "key": _("Names it in exports. Keep it from version to version."),
            "required": _("Unticked: people may leave it out, and that is stored as no."),
        }
        error_messages = {"text": {"required": _("Write what people agree to, or remove the row.")}}

    def clean_key(self) -> str:
        """In small letters: lists and exports have a column `consent_<key>`."""
        key: str = self.cleaned_data["key"].lower()
        if key == "taken_by":
            raise forms.ValidationError(_("Lists have a column of that name. Write another key."))
        return key


class CriterionForm(RowForm):
    admits_yes = forms.TypedChoiceField(
        label=_("Which answer lets a person in?"),
        choices=[("True", _("Yes")), ("False", _("No"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        initial="True",
        error_messages={"required": _("Choose the answer that lets a person in.")},
    )

    class Meta:
        model = EligibilityCriterion
        fields = (
            *("question", "key", "admits_yes", "declined_text", "way_out"),
            *("hint", "why", "yes_label", "no_label"),
        )
        widgets = {
            "key": _Key,
            "declined_text": Box(attrs={"rows": 3}),
            "why": Box(attrs={"rows": 3}),
            "way_out": forms.RadioSelect,
        }
        labels = {
            "question": _("Question, to be answered with yes or no"),
            "key": _("Key"),
            "declined_text": _("What to say to someone who cannot join"),
            "way_out": _("Where they find help"),
            "hint": _("A hint below the question"),
            "why": _("“Why do you ask?”"),
            "yes_label": _("Words for yes"),
            "no_label": _("Words for no"),
        }
        help_texts = {"key": _("Names the question in counts and exports."), "why": ""}
        error_messages = {
            "question": {"required": _("Write the question, or remove the row.")},
            "declined_text": {"required": _("Write a kind sentence for who cannot join.")},
            "yes_label": {"required": _("Write the words for yes.")},
            "no_label": {"required": _("Write the words for no.")},
            "way_out": {"required": _("Choose where they find help.")},
        }

    @property
    def extras(self) -> list[Any]:
        return [self[name] for name in ("hint", "why", "yes_label", "no_label")]

    @property
    def mains(self) -> list[Any]:
        names = ("question", "key", "admits_yes", "declined_text", "way_out")
        return [self[name] for name in names]

    @property
    def extras_need_a_look(self) -> bool:
        return any(field.errors for field in self.extras)


class ArmForm(RowForm):
    class Meta:
        model = Arm
        fields = ("name", "key")
        widgets = {"key": _Key}
        labels = {"name": _("Name"), "key": _("Key")}
        help_texts = {"key": _("As it stands in exports. Fixed once somebody is in the arm.")}
        error_messages = {"name": {"required": _("Write the arm’s name, or remove the row.")}}
