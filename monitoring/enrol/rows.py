"""From the cells of one row to one person; each wrong cell is a fault of its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from monitoring.enrol import columns
from monitoring.enrol.columns import (
    AGREED_ON,
    CONSENT,
    DAY,
    ELSEWHERE,
    EMAIL,
    SOURCE,
    TAKEN_BY,
    TIME,
    VERSION,
    WEEKDAY,
    ZONE,
)
from monitoring.enrol.faults import Fault
from monitoring.enrol.reading import Row
from participants.inviting import Agreed, ConsentForm, Invitee
from participants.inviting.consents import FIRST_YEAR
from scheduling import zones
from scheduling.address_field import AddressField
from scheduling.day_form import FIRST_HOUR, LAST_HOUR
from studies.screening import clean_source

Person = Invitee | Agreed

_ADDRESS = AddressField(max_length=254)  # as accounts keep it
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::00)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Found:
    """`person` is there unless there are faults; `address`, in lower case, unless it is one."""

    address: str
    person: Person | None
    faults: list[Fault]


class Wrong(Exception):
    """Something in one cell; holds the sentence."""


def found(row: Row, form: ConsentForm) -> Found:
    """`form`: what the study asks people to agree to."""
    reading = _Reading(row)
    facts: dict[str, Any] = {
        "address": reading.value(EMAIL, _address) or "",
        "source": reading.value(SOURCE, _source) or "",
        **_day(reading),
    }
    person: Person | None
    if any(cell for name, cell in row.cells.items() if _is_of_consent(name)):
        person = _agreed(reading, facts, form)
    else:
        person = None if reading.faults else Invitee(**facts)
    return Found(address=facts["address"], person=person, faults=reading.faults)


def _is_of_consent(name: str) -> bool:
    return name in ELSEWHERE or name.startswith(CONSENT)


class _Reading:
    def __init__(self, row: Row) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def value(self, name: str, read: Any) -> Any:
        """What `read` makes of the cell, or None where it is Wrong, or there is no such column."""
        if name not in self.row.cells:
            return None
        try:
            return read(self.row.cells[name])
        except Wrong as wrong:
            self.faults.append(Fault(self.row.line, name, str(wrong)))
            return None


def _address(cell: str) -> str:
    if not cell:
        raise Wrong(_("The address is missing."))
    try:
        return _ADDRESS.clean(cell)
    except ValidationError as error:
        raise Wrong(error.messages[0]) from error


def _source(cell: str) -> str:
    source = clean_source(cell)
    if bool(source) != bool(cell) or len(cell) > 50:
        raise Wrong(_("A source is a short word, such as clinic or leaflet-2."))
    return source


def _day(reading: _Reading) -> dict[str, Any]:
    """All three, or none."""
    given = [name for name in DAY if reading.row.cells.get(name)]
    if not given:
        return {}
    for name in DAY:
        if name not in given:
            words = _("The day agreed with a person needs weekday, time and time_zone.")
            reading.faults.append(Fault(reading.row.line, name, words))
    if len(given) < len(DAY):
        return {}
    return {
        "weekday": reading.value(WEEKDAY, _weekday),
        "local_time": reading.value(TIME, _time),
        "zone": reading.value(ZONE, _zone) or "",
    }


def _weekday(cell: str) -> int:
    name = cell.lower()
    for number, weekday in enumerate(_WEEKDAYS, start=1):
        if name in {weekday, weekday[:3]}:
            return number
    raise Wrong(_("“%s” is no day of the week. Write it like Thursday or Thu.") % _shown(cell))


def _time(cell: str) -> time:
    clock = _CLOCK.fullmatch(cell)
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (-1, 0)
    if FIRST_HOUR <= hour <= LAST_HOUR and minute == 0:
        return time(hour)
    words = _("“%(cell)s” is none of the hours people choose from: %(first)s to %(last)s.")
    about = {"first": f"{FIRST_HOUR:02}:00", "last": f"{LAST_HOUR}:00"}
    raise Wrong(words % {"cell": _shown(cell), **about})


def _zone(cell: str) -> str:
    if not zones.is_known(cell):
        raise Wrong(_("“%s” is no time zone. Write it like Europe/London.") % _shown(cell))
    return zones.as_offered(cell)


def _shown(cell: str) -> str:
    """In a row that slipped by one it may be somebody's address, which no fault repeats."""
    return "…" if "@" in cell else cell


def _agreed(reading: _Reading, facts: dict[str, Any], form: ConsentForm) -> Agreed | None:
    day = reading.value(AGREED_ON, _agreed_on)
    version = reading.value(VERSION, _version)
    answers = dict(_answers(reading, form.keys))
    if reading.faults:
        return None
    taken_by = reading.row.cells[TAKEN_BY]
    agreed = Agreed(**facts, agreed_on=day, version=version, taken_by=taken_by, answers=answers)
    reading.faults += [Fault(reading.row.line, "", words) for words in form.problems(agreed)]
    return None if reading.faults else agreed


def _agreed_on(cell: str) -> date:
    try:
        day = date.fromisoformat(cell) if _DAY.fullmatch(cell) else None
    except ValueError:
        day = None
    if day is None or day.year < FIRST_YEAR:
        raise Wrong(_("Write the day on which they agreed like 2026-10-25."))
    return day


def _version(cell: str) -> int:
    if not (cell.isascii() and cell.isdecimal() and len(cell) < len("1000000")):
        raise Wrong(_("Write the number of the version that they agreed to, such as 2."))
    return int(cell)


def _answers(reading: _Reading, keys: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Those given. Whether they are the ones that the version asks for is the form's matter."""
    for key in keys:
        name = columns.of_statement(key)
        if not reading.row.cells.get(name):
            continue
        answer = reading.value(name, _answer)
        if answer is not None:
            yield key, answer


def _answer(cell: str) -> bool:
    answer = _ANSWERS.get(cell.lower())
    if answer is None:
        raise Wrong(_("Write yes or no."))
    return answer
