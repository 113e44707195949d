"""Which cut: a day and a time on the study's own clock, or now."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.export import cut
from monitoring.export.cut import Cut, NoCut
from scheduling import timetable
from studies.models import Study


class CutForm(forms.Form):
    """`cut()` is what was asked for. `now` is in UTC."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day like 2026-10-25.")},
    )
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "step": "1"}, format="%H:%M:%S"),
        error_messages={"invalid": gettext_lazy("Write the time like 09:30.")},
    )
    with_test = forms.BooleanField(
        label=gettext_lazy("Test people too"),
        required=False,
        help_text=gettext_lazy("They are marked in the column is_test."),
    )

    def __init__(self, *args: Any, study: Study, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.study, self.now = study, now
        self.until, self.is_now = cut.whole(now, now=now), True

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not self.errors:
            self._check(given.get("day"), given.get("time"))
        return given

    def _check(self, day: dt.date | None, at: dt.time | None) -> None:
        if day is None and at is None:
            return
        if day is None or at is None:
            missing = "day" if day is None else "time"
            self.add_error(missing, _("Give both a day and a time, or neither for now."))
            return
        self.is_now, zone = False, timetable.known_or_utc(self.study.default_zone)
        try:
            self.until = cut.whole(timetable.instant(day, at, zone), now=self.now)
        except NoCut as error:
            self.add_error("day", error.message)
        except OverflowError:
            self.add_error("day", _("Choose a day within the study’s time."))

    def cut(self, *, with_arm: bool) -> Cut:
        """Of a form that is valid."""
        return Cut(
            study=self.study,
            until=self.until.astimezone(dt.UTC),
            with_test=self.cleaned_data["with_test"],
            with_arm=with_arm,
        )
