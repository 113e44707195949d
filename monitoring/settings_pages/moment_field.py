"""A moment on the study's own clock."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _


class MomentField(forms.DateTimeField):
    """In the current time zone. Where the clocks are changed it says which hour is none, or two."""

    def to_python(self, value: Any) -> datetime | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code != "ambiguous_timezone" or error.params is None:
                raise
            raise ValidationError(_why_not(error.params["datetime"]), code=error.code) from error


def _why_not(written: datetime) -> str:
    """Of two that are called alike, the first is by the summer's clock, which is ahead."""
    first = written.replace(tzinfo=timezone.get_current_timezone())
    before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
    if before is not None and after is not None and before > after:
        return _("The clocks go back then, and this time comes twice. Write one an hour later.")
    return _("The clocks go forward then, and leave this time out. Write one an hour later.")
