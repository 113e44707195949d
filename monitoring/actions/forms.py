"""What staff write and choose beside an action."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.unnamed import NAMES_NOBODY, names_somebody
from participants.models import Enrolment
from scheduling.address_field import NOT_TEXT, AddressField

LONGEST_BREAK = timedelta(days=366)
Choices = list[tuple[str, str]]


class WhyForm(forms.Form):
    """`names_them`: it holds the person's name, as far as whoever writes may know it."""

    names_them = False
    why = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("It is kept with what you do, for good. Name nobody here."),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            **NOT_TEXT,
            "required": gettext_lazy("Say why, in a few words and without names."),
            "max_length": gettext_lazy("Please keep it to 500 letters."),
        },
    )

    def clean_why(self) -> str:
        why: str = self.cleaned_data["why"]
        if self.names_them or names_somebody(why):
            raise ValidationError(NAMES_NOBODY)
        return why


class LeavingForm(WhyForm):
    """`reason` is the person's own, and is read by nobody on these pages."""

    asked_for = forms.BooleanField(
        label=gettext_lazy("The person asked for this themselves"),
        error_messages={
            "required": gettext_lazy("Nobody is withdrawn who did not ask for it. Tick this box.")
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Their reason, if they gave one and would like it kept"),
        help_text=gettext_lazy("Write no names. It is kept apart, and no page shows it."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            **NOT_TEXT,
            "max_length": gettext_lazy("Please keep it to 2000 letters."),
        },
    )
    field_order = ["asked_for", "reason", "why"]


class NewAddressForm(WhyForm):
    email = AddressField(
        label=gettext_lazy("The new address"),
        max_length=254,
        help_text=gettext_lazy("As the person gave it to you. Nobody has checked it yet."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["email", "why"]


class ChoiceForm(forms.Form):
    """One of `choices`; where there is one alone, it is chosen beforehand."""

    one = forms.ChoiceField(
        widget=forms.RadioSelect(attrs={"class": "ruled"}),
        error_messages={
            "required": gettext_lazy("Choose one of these."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
    )

    def __init__(self, data: Any, *, label: str, choices: Choices) -> None:
        if data is None and len(choices) == 1:
            data = {"one": choices[0][0]}
        super().__init__(data)
        self.fields["one"].label = label
        self.fields["one"].choices = choices  # type: ignore[attr-defined]


class BreakForm(forms.Form):
    """`today` is by the person's own calendar."""

    until = forms.DateField(
        label=gettext_lazy("Until which day?"),
        help_text=gettext_lazy("The next session comes on their weekday, on that day or after it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the day on which the break ends."),
            "invalid": gettext_lazy("Write the day as a date, like 2027-03-31."),
        },
    )

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, initial={"until": today + timedelta(weeks=2)})
        self.today = today
        first, last = today + timedelta(days=1), today + LONGEST_BREAK
        self.fields["until"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self.today:
            raise ValidationError(_("Choose a day after today, by the person’s own calendar."))
        if until > self.today + LONGEST_BREAK:
            raise ValidationError(_("Choose a day within a year."))
        return until


class LevelForm(forms.Form):
    level = forms.ChoiceField(
        label=gettext_lazy("What did they ask for?"),
        widget=forms.RadioSelect(attrs={"class": "ruled"}),
        error_messages={
            "required": gettext_lazy("Choose what they asked for."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
    )

    def __init__(self, data: Any, *, levels: list[Enrolment.Withdrawal]) -> None:
        super().__init__(data)
        choices = [(level.value, str(level.label)) for level in levels]
        self.fields["level"].choices = choices  # type: ignore[attr-defined]
