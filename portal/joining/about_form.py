"""Age, gender, ethnicity, education: each may be left, and each may be declined."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import Demographics
from participants.models.demographics import Answered, Education, Ethnicity, Gender
from participants.services import DemographicAnswers
from portal.posted import NOT_TEXT

DECLINED = "prefer_not_to_say"
OWN_WORDS = "own_words"
_NOT_SAID = (DECLINED, gettext_lazy("Prefer not to say"))
_AGE = gettext_lazy("Give your age in whole years, from 18 to 120, or leave it empty.")


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[*choices, _NOT_SAID],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "ruled"}),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the answers, or none.")},
    )


def _own_words() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Your own words"),
        max_length=100,
        required=False,
        error_messages={**NOT_TEXT, "max_length": gettext_lazy("Use no more than 100 letters.")},
    )


class AboutForm(forms.Form):
    age = forms.IntegerField(
        label=gettext_lazy("How old are you?"),
        help_text=gettext_lazy("In whole years."),
        min_value=18,
        max_value=120,
        required=False,
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _AGE, "min_value": _AGE, "max_value": _AGE},
    )
    age_declined = forms.BooleanField(label=_NOT_SAID[1], required=False)
    gender = _choice(gettext_lazy("How do you describe your gender?"), Gender.choices)
    gender_own_words = _own_words()
    ethnicity = _choice(gettext_lazy("What is your ethnic group?"), Ethnicity.choices)
    ethnicity_own_words = _own_words()
    education = _choice(gettext_lazy("What is your highest education?"), Education.choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("age") is not None and cleaned.get("age_declined"):
            self.add_error("age", _("You gave an age and ticked “Prefer not to say”. Keep one."))
        for name in ("gender", "ethnicity"):
            self._clean_own_words(name, cleaned)
        return cleaned

    def _clean_own_words(self, name: str, cleaned: dict[str, Any]) -> None:
        words = cleaned.get(f"{name}_own_words", "")
        if words and not cleaned.get(name):
            cleaned[name] = OWN_WORDS
        if words and cleaned[name] != OWN_WORDS:
            self.add_error(
                name, _("You wrote your own words too. Choose “In my own words”, or empty the box.")
            )
        if not words and cleaned.get(name) == OWN_WORDS:
            self.add_error(
                f"{name}_own_words", _("Write a few words here, or choose another answer.")
            )

    def answers(self) -> DemographicAnswers:
        cleaned = self.cleaned_data
        age = DECLINED if cleaned["age_declined"] else cleaned["age"]
        values: dict[str, Any] = {"age_answered": _how(age), "age": cleaned["age"]}
        for name in ("gender", "ethnicity", "education"):
            values[f"{name}_answered"] = _how(cleaned[name])
            values[name] = "" if cleaned[name] == DECLINED else cleaned[name]
        for name in ("gender_own_words", "ethnicity_own_words"):
            values[name] = cleaned[name]
        return DemographicAnswers(**values)


def initial_of(row: Demographics | None) -> dict[str, Any]:
    """What was said before, for changing it."""
    if row is None:
        return {}
    said: dict[str, Any] = {
        "age": row.age,
        "age_declined": row.age_answered == Answered.DECLINED,
        "gender_own_words": row.gender_own_words,
        "ethnicity_own_words": row.ethnicity_own_words,
    }
    for name in ("gender", "ethnicity", "education"):
        declined = getattr(row, f"{name}_answered") == Answered.DECLINED
        said[name] = DECLINED if declined else getattr(row, name)
    return said


def _how(value: Any) -> str:
    if value == DECLINED:
        return str(Answered.DECLINED)
    return str(Answered.SKIPPED if value in {None, ""} else Answered.ANSWERED)
