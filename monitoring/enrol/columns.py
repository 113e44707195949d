"""The columns a file may have, and what its header lacks or has too many of."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from monitoring.enrol.faults import Fault

EMAIL = "email"
WEEKDAY, TIME, ZONE = "weekday", "time", "time_zone"
SOURCE = "source"
AGREED_ON, VERSION, TAKEN_BY = "consented_on", "document_version", "consent_taken_by"
CONSENT = "consent_"

DAY = (WEEKDAY, TIME, ZONE)
PLAIN = (EMAIL, *DAY, SOURCE)
ELSEWHERE = (AGREED_ON, VERSION, TAKEN_BY)


def of_statement(key: str) -> str:
    return f"{CONSENT}{key}"


def known(keys: Sequence[str]) -> list[str]:
    """All columns of a study whose statements have these keys, in the order we show them."""
    return [*PLAIN, *ELSEWHERE, *(of_statement(key) for key in keys)]


def faults(header: Sequence[str], line: int, keys: Sequence[str]) -> Iterator[Fault]:
    """`header`: the names as `cleaned` leaves them."""
    if EMAIL not in header and any("@" in name for name in header):
        yield Fault(line, "", _("The first line must name the columns. This one is a person’s."))
        return
    if EMAIL not in header:
        yield Fault(line, EMAIL, _("This column is missing."))
    yield from _not_known(header, line, keys)
    yield from _not_whole(header, line)


def _not_known(header: Sequence[str], line: int, keys: Sequence[str]) -> Iterator[Fault]:
    offered = known(keys)
    for name, count in Counter(header).items():
        if not name:
            yield Fault(line, "", _("A column has no name."))
        elif name not in offered:
            yield Fault(line, name, _("There is no such column. Take it out, or correct its name."))
        elif count > 1:
            yield Fault(line, name, _("This column is there more than once."))


def _not_whole(header: Sequence[str], line: int) -> Iterator[Fault]:
    """Of columns that go together, those that are missing."""
    day = _("The day agreed with a person needs weekday, time and time_zone.")
    yield from (Fault(line, name, day) for name in _missing(header, DAY, DAY))
    consent = _("Consent taken elsewhere needs this column too.")
    has_statement = [name for name in header if name.startswith(CONSENT)]
    for name in _missing(header, ELSEWHERE, (*ELSEWHERE, *has_statement)):
        yield Fault(line, name, consent)


def _missing(header: Sequence[str], wanted: Sequence[str], signs: Sequence[str]) -> list[str]:
    if not any(name in header for name in signs):
        return []
    return [name for name in wanted if name not in header]


def cleaned(name: str) -> str:
    return name.strip().lower()
