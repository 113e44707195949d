"""Every IANA time zone as a choice: likely ones first, then all, by part of the world."""

from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

Choices = list[tuple[str, str]]
_NOT_A_PLACE = {"Factory", "localtime", "posixrules"}


def grouped() -> list[tuple[str, Choices]]:
    """As a select's optgroups. Each name stands once, so that one option is the chosen one."""
    likely = _likely()
    first = {name for name, _label in likely}
    return [(_("Likely"), likely), *_by_region(frozenset(first))]


def _likely() -> Choices:
    return [
        ("Europe/London", _("United Kingdom (London)")),
        ("Europe/Dublin", _("Ireland (Dublin)")),
        ("Europe/Jersey", _("Jersey")),
        ("Europe/Guernsey", _("Guernsey")),
        ("Europe/Isle_of_Man", _("Isle of Man")),
        ("Europe/Lisbon", _("Portugal (Lisbon)")),
        ("Europe/Madrid", _("Spain (Madrid)")),
        ("Europe/Paris", _("France (Paris)")),
        ("Europe/Berlin", _("Germany (Berlin)")),
        ("America/New_York", _("United States (New York)")),
        ("Asia/Kolkata", _("India (Kolkata)")),
        ("Australia/Sydney", _("Australia (Sydney)")),
    ]


@cache
def _by_region(without: frozenset[str]) -> list[tuple[str, Choices]]:
    regions: dict[str, Choices] = {}
    for name in sorted(available_timezones() - without - _NOT_A_PLACE):
        region, slash, place = name.partition("/")
        shown = (place if slash else name).replace("_", " ").replace("/", ", ")
        regions.setdefault(region if slash else "Other", []).append((name, shown))
    other = regions.pop("Other", [])
    return [*regions.items(), ("Other", other)]
