"""The columns in words, for whoever makes a file."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from monitoring.enrol import columns
from studies.models import ConsentStatement


class Told(NamedTuple):
    name: str
    holds: str
    such_as: str
    is_required: bool = False


def plain() -> list[Told]:
    day = _(
        "The day agreed with the person. It is offered when they join; they may choose another."
    )
    hour = _("The hour, on their own clock. Weekday, time and time zone go together.")
    return [
        Told(columns.EMAIL, _("The address."), "name@example.org", is_required=True),
        Told(columns.WEEKDAY, day, "Thursday"),
        Told(columns.TIME, hour, "19:00"),
        Told(columns.ZONE, _("Where their clock is."), "Europe/London"),
        Told(
            columns.SOURCE,
            _("Where they heard of the study. They are counted under it."),
            "clinic",
        ),
    ]


def elsewhere(version: int, statements: Sequence[ConsentStatement]) -> list[Told]:
    """Of people who agreed to `version`, whose statements these are."""
    day = _(
        "The day on which they agreed. In a spreadsheet, format the column as text before you "
        "type, or it turns the day round."
    )
    return [
        Told(columns.AGREED_ON, day, "2026-10-25"),
        Told(columns.VERSION, _("The version of the text that they agreed to."), str(version)),
        Told(columns.TAKEN_BY, _("Who of the team spoke with them."), "A. Researcher"),
        *(
            Told(
                columns.of_statement(each.key),
                each.text,
                "yes" if each.required else "no",
                is_required=each.required,
            )
            for each in statements
        ),
    ]
