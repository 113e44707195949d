import unicodedata
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_JOINERS = frozenset({"\u200c", "\u200d"})


def validate_zone(name: str) -> None:
    """Refuses a name that is not in the IANA time zone database."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Write one like Europe/London."),
            params={"name": name},
        )


def validate_seen(text: str) -> None:
    """Refuses signs that show nothing and change what does: breaks of a line, and such as turn the
    direction of what follows. Those that join letters or keep them apart belong to some scripts.
    """
    if any(_is_unseen(each) for each in text):
        raise ValidationError(
            _("There is a sign in this that nobody can see. Delete all of it, and type it anew.")
        )


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS
