"""From the cells of one row to one person; each wrong cell is a fault of its own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from monitoring.enrol import cells, columns
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

Person = Invitee | Agreed


@dataclass(frozen=True)
class Found:
    """`person` is there unless there are faults; `address`, in lower case, unless it is one."""

    address: str
    person: Person | None
    faults: list[Fault]


def found(row: Row, form: ConsentForm) -> Found:
    """`form`: what the study asks people to agree to."""
    reading = _Reading(row)
    facts: dict[str, Any] = {
        "address": reading.value(EMAIL, cells.address) or "",
        "source": reading.value(SOURCE, cells.source) or "",
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
        except cells.Wrong as wrong:
            self.faults.append(Fault(self.row.line, name, str(wrong)))
            return None


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
        "weekday": reading.value(WEEKDAY, cells.weekday),
        "local_time": reading.value(TIME, cells.hour),
        "zone": reading.value(ZONE, cells.zone) or "",
    }


def _agreed(reading: _Reading, facts: dict[str, Any], form: ConsentForm) -> Agreed | None:
    day = reading.value(AGREED_ON, lambda cell: cells.agreed_on(cell, form))
    version = reading.value(VERSION, lambda cell: cells.version(cell, form))
    taken_by = reading.value(TAKEN_BY, cells.taken_by)
    answers = dict(_answers(reading, form.keys))
    if version is not None:
        _hold_answers(reading, form.about_the_answers(version, answers))
    if reading.faults:
        return None
    return Agreed(**facts, agreed_on=day, version=version, taken_by=taken_by, answers=answers)


def _hold_answers(reading: _Reading, problems: Iterable[tuple[str, str]]) -> None:
    """A cell that holds neither yes nor no has been named already."""
    named = {fault.column for fault in reading.faults}
    for key, words in problems:
        if (name := columns.of_statement(key)) not in named:
            reading.faults.append(Fault(reading.row.line, name, words))


def _answers(reading: _Reading, keys: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Those given. Whether they are the ones that the version asks for is the form's matter."""
    for key in keys:
        name = columns.of_statement(key)
        if not reading.row.cells.get(name):
            continue
        answer = reading.value(name, cells.answer)
        if answer is not None:
            yield key, answer
