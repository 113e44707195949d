"""What staff fill in to bring people in."""

from datetime import datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.enrol.checking import words_for
from monitoring.enrol.saving import ATTESTATION
from participants.inviting import Invitee, Standing, standing
from scheduling import spoken
from scheduling.address_field import NOT_TEXT, AddressField
from scheduling.day_form import FIRST_HOUR, LAST_HOUR
from scheduling.models.rhythm import Weekday
from scheduling.zone_field import ZoneField
from studies.models import Study
from studies.screening import clean_source


def new_once() -> str:
    """Names one showing of a form, so that pressing its button twice does nothing twice."""
    return str(uuid4())


def _days() -> list[tuple[Any, Any]]:
    return [("", _("No day was agreed")), *Weekday.choices]


def _hours() -> list[tuple[str, str]]:
    hours = [time(hour) for hour in range(FIRST_HOUR, LAST_HOUR + 1)]
    return [
        ("", _("No hour was agreed")),
        *((f"{each:%H:%M}", spoken.hour(each)) for each in hours),
    ]


class SourceField(forms.CharField):
    """Cleans to a source as it is stored; "" where none is given. `of_one`: of one person, whose
    name, say, is not to become it.
    """

    def __init__(self, *, of_one: bool = False, **options: Any) -> None:
        super().__init__(max_length=50, required=False, error_messages=NOT_TEXT, **options)
        self.of_one = of_one

    def clean(self, value: Any) -> str:
        given = super().clean(value)
        source = clean_source(given)
        if (given and not source) or (self.of_one and source != given.lower()):
            raise forms.ValidationError(_("A source is a short word, such as clinic or leaflet-2."))
        return source


class LinkForm(forms.Form):
    """Asked by GET: it changes nothing."""

    source = SourceField(
        label=gettext_lazy("Where will people find it?"),
        help_text=gettext_lazy("A short word, such as facebook or leaflet-2. People see it too."),
    )


class InviteForm(forms.Form):
    """One person. `invitee()` is whom to invite."""

    email = AddressField(
        label=gettext_lazy("Email address"),
        max_length=254,
        error_messages={"required": gettext_lazy("Type the person’s email address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day agreed with them"),
        choices=lazy(_days, list),
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the seven days.")},
    )
    local_time = forms.TypedChoiceField(
        label=gettext_lazy("Hour agreed with them"),
        choices=lazy(_hours, list),
        coerce=time.fromisoformat,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the times in the list.")},
    )
    zone = ZoneField(
        label=gettext_lazy("Where their clock is"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the places in the list.")},
    )
    source = SourceField(
        of_one=True,
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Where they heard of the study, in a short word. May stay empty."),
    )
    once = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, study: Study, now: datetime) -> None:
        super().__init__(data, initial={"zone": study.default_zone, "once": new_once()})
        self.study, self.now = study, now

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"].lower()
        stands = standing(self.study, [address])[address]
        if stands != Standing.FREE:
            raise forms.ValidationError(words_for(stands))
        return address

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.study.is_recruiting(self.now):
            self.add_error(None, _("Nobody can join this study at the moment. Open it first."))
        if not {"weekday", "local_time"} & self.errors.keys():
            self._check_whole(given)
        return given

    def _check_whole(self, given: dict[str, Any]) -> None:
        has_day, has_hour = given.get("weekday") is not None, given.get("local_time") is not None
        if has_day and not has_hour:
            self.add_error("local_time", _("Choose the hour too, or no day."))
        if has_hour and not has_day:
            self.add_error("weekday", _("Choose the day too, or no hour."))
        if has_day and "zone" not in self.errors and not given.get("zone"):
            self.add_error("zone", _("Choose the place whose clock they live by."))

    def invitee(self) -> Invitee:
        """Of a form that is valid."""
        given = self.cleaned_data
        day = {name: given[name] for name in ("weekday", "local_time", "zone")}
        agreed: dict[str, Any] = {} if given["weekday"] is None else day
        return Invitee(address=given["email"], source=given["source"], **agreed)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Choose another one."),
            "max_length": gettext_lazy("The name of this file is too long."),
        },
    )


class ConfirmForm(forms.Form):
    """Holds the whole file. `attests`: some of its people agreed elsewhere."""

    packed = forms.CharField(widget=forms.HiddenInput, strip=False)
    once = forms.UUIDField(widget=forms.HiddenInput)
    attested = forms.BooleanField(
        label=ATTESTATION,
        error_messages={"required": gettext_lazy("Tick this if it is so. Else enrol nobody yet.")},
    )

    def __init__(self, *args: Any, attests: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not attests:
            del self.fields["attested"]
