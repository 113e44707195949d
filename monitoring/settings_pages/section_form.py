"""What every part of the study's own row has in common: its form, and its facts in words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.settings_pages.words import when
from scheduling.address_field import NOT_TEXT
from studies.models import Study
from studies.readiness import missing_in_the_row


class SectionForm(forms.ModelForm):  # type: ignore[type-arg]
    """`joined`: how many have agreed to the study. Once it has opened, nothing it needs may go."""

    fixed_once_open: tuple[str, ...] = ()
    may_wait: tuple[str, ...] = ()
    on_record: tuple[str, ...] = ()  # fields that name nobody: their values may be kept for good

    def __init__(self, *args: Any, now: datetime, joined: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.joined = now, joined
        self.before = forms.model_to_dict(self.instance, fields=[*self.fields])
        self.has_opened = self.instance.state != Study.State.DRAFT
        self.lacked = set(missing_in_the_row(self.instance, now)) if self.has_opened else set()
        for field in self.fields.values():
            field.error_messages.update(NOT_TEXT)
        for name in self.fixed_once_open if self.has_opened else ():
            del self.fields[name]
        for name in () if self.has_opened else self.may_wait:
            self.fields[name].required = False

    def touches(self) -> list[str]:
        """What a change reaches, in sentences."""
        return []

    def needs_why(self) -> bool:
        """Whether a change is to say why: where people were told otherwise."""
        return False

    def told_others(self) -> str:
        """After a change: who was told something else, in a sentence."""
        return ""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or not self.has_opened:
            return
        for each in missing_in_the_row(self.instance, self.now):
            if each.field in self.fields and each not in self.lacked:
                self.add_error(each.field, each.sentence)


_EMPTY = {
    "recruiting_from": gettext_lazy("When the study opens"),
    "recruiting_until": gettext_lazy("When the study is closed"),
    "capacity": gettext_lazy("No limit"),
}


def fact(study: Study, name: str) -> str:
    """One field's value in words, also where it is empty. Moments are in the study's zone."""
    value = getattr(study, name)
    if value is None or value == "":
        return str(_EMPTY.get(name) or _("Not set"))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(study, f"get_{name}_display"):
        return str(getattr(study, f"get_{name}_display")())
    if isinstance(value, datetime):
        return when(value.astimezone(ZoneInfo(study.default_zone)))
    return date_format(value, "j F Y") if hasattr(value, "year") else str(value)
