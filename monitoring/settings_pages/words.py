"""What several of these pages share: words, and a box for many."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format

# A study's short name is the second part of its staff pages' addresses.
RESERVED = frozenset({"styleguide", "new-study"})


def when(moment: datetime) -> str:
    """In the zone that `moment` carries."""
    return date_format(moment, "j F Y, H:i")


class Box(forms.Textarea):
    """Lines end as they are stored, so that a text nobody touched is the same as before."""

    def value_from_datadict(self, *args: Any) -> Any:
        typed = super().value_from_datadict(*args)
        return typed.replace("\r\n", "\n") if isinstance(typed, str) else typed
