"""Words that several of these pages share."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

# For a field's error_messages; else Django speaks of null characters.
NOT_TEXT = {
    "null_characters_not_allowed": _("Something in this is no text. Please type it once more.")
}
# A study's short name is the second part of its staff pages' addresses.
RESERVED = frozenset({"styleguide", "new-study"})


def when(moment: datetime) -> str:
    """In the zone that `moment` carries."""
    return date_format(moment, "j F Y, H:i")
