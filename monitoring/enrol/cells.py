"""One cell each: what it means, or `Wrong` with a sentence that never repeats an address."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, time

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participants.inviting import ConsentForm
from participants.inviting.consents import about_who_took_it
from scheduling import zones
from scheduling.address_field import AddressField
from scheduling.day_form import FIRST_HOUR, LAST_HOUR
from studies.screening import clean_source

_ADDRESS = AddressField(max_length=254)  # as accounts keep it
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_ANSWERS = {"yes": True, "no": False}


class Wrong(Exception):
    """Something in one cell; holds the sentence."""


def address(cell: str) -> str:
    if not cell:
        raise Wrong(_("The address is missing."))
    try:
        return _ADDRESS.clean(cell)
    except ValidationError as error:
        raise Wrong(error.messages[0]) from error


def source(cell: str) -> str:
    """As it stands there: what would become one, as a name does, is kept and exported for good."""
    cleaned = clean_source(cell)
    if cleaned != cell.lower():
        raise Wrong(_("A source is a short word, such as clinic or leaflet-2."))
    return cleaned


def weekday(cell: str) -> int:
    name = cell.lower()
    for number, day in enumerate(_WEEKDAYS, start=1):
        if name in {day, day[:3]}:
            return number
    raise Wrong(_("“%s” is no day of the week. Write it like Thursday or Thu.") % _shown(cell))


def hour(cell: str) -> time:
    clock = _CLOCK.fullmatch(cell)
    full, minute = (int(clock[1]), int(clock[2])) if clock else (-1, 0)
    if FIRST_HOUR <= full <= LAST_HOUR and minute == 0:
        return time(full)
    words = _("“%(cell)s” is none of the hours people choose from: %(first)s to %(last)s.")
    about = {"first": f"{FIRST_HOUR:02}:00", "last": f"{LAST_HOUR}:00"}
    raise Wrong(words % {"cell": _shown(cell), **about})


def zone(cell: str) -> str:
    name = zones.in_its_letters(cell)
    if not zones.is_known(name):
        raise Wrong(_("“%s” is no time zone. Write it like Europe/London.") % _shown(cell))
    return zones.as_offered(name)


def _shown(cell: str) -> str:
    """In a row that slipped by one it may be somebody's address, which no fault repeats."""
    return "…" if "@" in cell else cell


def agreed_on(cell: str, form: ConsentForm) -> date:
    days = set(_days(cell))
    if not days:
        raise Wrong(_("Write the day on which they agreed like 2026-10-25."))
    if len(days) > 1:
        raise Wrong(
            _(
                "This can be two days, since the day or the month may come first. Write it like "
                "2026-10-25; in a spreadsheet, format the column as text before you do."
            )
        )
    day = days.pop()
    _refuse(form.about_the_day(day))
    return day


def _days(cell: str) -> Iterator[date]:
    """Each that the cell can mean: 2026-04-03 and 25/10/2026 one, 03/04/2026 two."""
    if whole := _DAY.fullmatch(cell):
        written = [whole.group(1, 2, 3)]
    elif turned := _YEAR_LAST.fullmatch(cell):
        written = [turned.group(4, 3, 1), turned.group(4, 1, 3)]
    else:
        written = []
    for year, month, day in written:
        with suppress(ValueError):
            yield date(int(year), int(month), int(day))


def version(cell: str, form: ConsentForm) -> int:
    words = _("Write the number of the version that they agreed to, such as 2.")
    if cell.isascii() and cell.isdecimal() and len(cell) < len("1000000"):
        words = next(form.about_the_version(int(cell)), "")
    if words:
        raise Wrong(words + " " + _("What they agreed to is looked at once this is right."))
    return int(cell)


def taken_by(cell: str) -> str:
    _refuse(about_who_took_it(cell))
    return cell


def _refuse(problems: Iterable[str]) -> None:
    for words in problems:
        raise Wrong(words)


def answer(cell: str) -> bool:
    said = _ANSWERS.get(cell.lower())
    if said is None:
        raise Wrong(_("Write yes or no."))
    return said
