"""Weekday, hour and time zone: for choosing a day, and for changing it."""

from datetime import time
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from scheduling import spoken
from scheduling.models.rhythm import Weekday
from scheduling.zone_field import ZoneField

FIRST_HOUR, LAST_HOUR, USUAL_HOUR = 6, 22, 19


def _hours() -> list[tuple[str, str]]:
    hours = [time(hour) for hour in range(FIRST_HOUR, LAST_HOUR + 1)]
    return [(f"{each:%H:%M}", spoken.hour(each)) for each in hours]


def _as_time(written: str) -> time:
    return time.fromisoformat(written)


class DayForm(forms.Form):
    """`cleaned_data`: `weekday` (ISO), `local_time` (a `time`), `zone` (an IANA name).

    `zone` is where the form begins; `initial` may hold a choice made before. The select of zones
    carries `data-offer` until something was chosen: zone.js then puts the browser's own zone there.
    """

    weekday = forms.TypedChoiceField(
        label=_("Which day?"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "ruled"}),
        error_messages={
            "required": _("Choose a day of the week."),
            "invalid_choice": _("Choose one of the seven days."),
        },
    )
    local_time = forms.TypedChoiceField(
        label=_("What time?"),
        help_text=_("The session waits for you. You can begin whenever you are ready."),
        choices=lazy(_hours, list),
        coerce=_as_time,
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("Choose one of the times in the list."),
        },
    )
    zone = ZoneField(
        label=_("Where is your clock?"),
        help_text=_("When the clocks change, your time stays the same."),
        error_messages={
            "required": _("Choose the place whose clock you live by."),
            "invalid_choice": _("Choose one of the places in the list."),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        zone: str = "Europe/London",
        initial: dict[str, Any] | None = None,
    ) -> None:
        begin = {"local_time": f"{USUAL_HOUR:02}:00", "zone": zone}
        given = dict(initial or {})
        if isinstance(given.get("local_time"), time):
            given["local_time"] = f"{given['local_time']:%H:%M}"
        super().__init__(data, initial=begin | given)
        if not self.is_bound and "zone" not in given:
            self.fields["zone"].widget.attrs["data-offer"] = "browser"
