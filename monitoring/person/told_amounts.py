"""How much of a study there was in what staff did to it: people brought in, rows given out."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monitoring.models import StaffAction

_Kind = StaffAction.Kind


def what(action: StaffAction) -> str:
    """What was done, and how much of it."""
    much = _amount(action)
    return f"{action.get_kind_display()}: {much}" if much else str(action.get_kind_display())


def _amount(action: StaffAction) -> str:
    if action.kind in {_Kind.INVITE, _Kind.ENROL_ELSEWHERE}:
        return _people(action.details)
    return _rows(action.details) if action.kind == _Kind.EXPORT else ""


def _people(details: dict[str, Any]) -> str:
    number = int(details.get("people", 0))
    if not number:
        return ""
    if details.get("list"):
        words = ngettext("%d person, from a list", "%d people, from a list", number)
    else:
        words = ngettext("%d person", "%d people", number)
    return words % number


def _rows(details: dict[str, Any]) -> str:
    """An export has one line where it begins, and another once all has been given out."""
    if "until" in details:
        return _("begun")
    if "rows" not in details:
        return ""
    number = sum(int(each) for each in details["rows"].values())
    return ngettext("all of %d row was given out", "all of %d rows were given out", number) % number
