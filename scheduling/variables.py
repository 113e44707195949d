"""The {variables} that the words of each kind of mail may use. Pure."""

from collections.abc import Mapping
from string import Formatter

from django.utils.translation import gettext as _

_WEEKLY = {"study", "weekday", "week", "weeks", "title", "what_there_is"}
_ASKED = {"study", "public_name", "institution", "weeks"}
ALLOWED: dict[str, set[str]] = {
    "invitation": _ASKED,
    "reminder": _ASKED,
    "elsewhere": _ASKED | {"agreed_on"},
    "welcome": {"study", "weeks", "weekday", "time", "zone", "dates"},
    "consent_copy": {"study", "public_name"},
    "session": _WEEKLY,
    "nudge": _WEEKLY,
    "farewell": {"study", "weeks", "open_until"},
    "withdrawal": {"study", "what_happens"},
}


def meanings() -> dict[str, str]:
    """What stands in the place of each."""
    return {
        "agreed_on": _("the day on which they agreed"),
        "dates": _("the day and hour of each session, one to a line"),
        "institution": _("who runs the study"),
        "open_until": _("the last day on which the weeks can be opened"),
        "public_name": _("the study’s public name"),
        "study": _("the study’s neutral name, which says nothing of health"),
        "time": _("the hour they chose"),
        "title": _("the title of the week"),
        "week": _("the number of the week"),
        "weekday": _("the day of their sessions, such as Monday"),
        "weeks": _("how many weeks the training has"),
        "what_happens": _("what becomes of their data, in a few sentences"),
        "what_there_is": _("what the week has to watch, read and listen to, in a sentence or two"),
        "zone": _("whose clock the hour is on, such as UK time"),
    }


def problems(kind: str, text: str) -> list[str]:
    """A sentence for each thing that would go wrong when `text` is filled in, said once."""
    try:
        fields = [field for field in Formatter().parse(text) if field[1] is not None]
    except ValueError:
        return [_("A { or } stands alone. Write {{ or }} for a brace that is meant as one.")]
    known = ALLOWED.get(kind, set())
    found = [
        _problem(str(name), known, is_plain=not (form or conversion))
        for _before, name, form, conversion in fields
    ]
    return list(dict.fromkeys(each for each in found if each))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Raises `KeyError` for a variable without a value."""
    return text.format_map(values)


def _problem(name: str, known: set[str], *, is_plain: bool) -> str:
    if name not in known:
        return _("There is no {%(name)s} here. There is: %(known)s.") % {
            "name": name,
            "known": ", ".join(f"{{{each}}}" for each in sorted(known)),
        }
    if not is_plain:
        return _("Write {%(name)s} with nothing but its name between the braces.") % {"name": name}
    return ""
