"""A whole file against its study: all the people in it, or all that is wrong with it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from monitoring.enrol import columns, reading, rows
from monitoring.enrol.faults import Fault
from monitoring.enrol.reading import Row
from monitoring.enrol.rows import Found, Person
from participants.inviting import (
    Agreed,
    CannotInvite,
    ConsentForm,
    Invitee,
    Standing,
    consent_form,
    standing,
)
from participants.inviting.checks import check_place_left, check_room
from studies.models import Study

Said = Callable[[int, int], None]
_SAID_EVERY = 1000
_FEW, _MOST = 10, 2 / 3


def nobody_asks(_done: int, _whole: int) -> None:
    """How far it is interests nobody."""


@dataclass(frozen=True)
class Checked:
    """`people` by the line they stand on. Nobody is to be saved where there are `faults`; `doubts`
    are to be looked at, and keep nobody back.
    """

    people: Mapping[int, Person] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    blank: int = 0
    doubts: list[Fault] = field(default_factory=list)

    @cached_property
    def invited(self) -> list[Invitee]:
        return [each for each in self.people.values() if not isinstance(each, Agreed)]

    @cached_property
    def agreed(self) -> list[Agreed]:
        return [each for each in self.people.values() if isinstance(each, Agreed)]


def check(content: bytes, study: Study, *, now: datetime, said: Said = nobody_asks) -> Checked:
    """Nothing is saved. `said` is told, now and then, how many rows of how many were looked at."""
    form = consent_form(study, now=now)
    sheet = reading.read(content, form.keys)
    found = dict(_found(sheet.rows, form, said))
    people = {line: each.person for line, each in found.items() if each.person is not None}
    addresses = {line: each.address for line, each in found.items() if each.address}
    faults = [
        *_about_the_study(study, people, now),
        *sheet.faults,
        *(fault for each in found.values() for fault in each.faults),
        *_own_sources(people),
        *_twice(addresses),
        *_standing(study, addresses),
    ]
    return Checked(
        people=people,
        faults=sorted(faults),
        rows=len(sheet.rows),
        blank=sheet.blank,
        doubts=list(_doubts(people, form)),
    )


def _doubts(people: Mapping[int, Person], form: ConsentForm) -> Iterator[Fault]:
    for line, person in people.items():
        if isinstance(person, Agreed):
            yield from (Fault(line, columns.AGREED_ON, words) for words in form.doubts(person))


def _found(given: list[Row], form: ConsentForm, said: Said) -> Iterator[tuple[int, Found]]:
    for number, row in enumerate(given, start=1):
        yield row.line, rows.found(row, form)
        if number % _SAID_EVERY == 0 or number == len(given):
            said(number, len(given))


def _about_the_study(study: Study, people: Mapping[int, Person], now: datetime) -> Iterator[Fault]:
    if not study.is_recruiting(now):
        words = _("Nobody can join this study at the moment. Open it first.")
        yield Fault(0, "", words)
    agreed = sum(isinstance(each, Agreed) for each in people.values())
    try:
        check_room(study, agreed)
        if len(people) > agreed:
            check_place_left(study, taken=agreed)
    except CannotInvite as refusal:
        yield Fault(0, "", refusal.message)


def _own_sources(people: Mapping[int, Person]) -> Iterator[Fault]:
    """A word for each person tells who they are, and every export has it."""
    given = [each.source for each in people.values() if each.source]
    own = sum(number == 1 for number in Counter(given).values())
    if len(given) > _FEW and own > len(given) * _MOST:
        words = _("Most people have a source of their own. It says where they heard of the study.")
        yield Fault(0, columns.SOURCE, words)


def _twice(addresses: Mapping[int, str]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line, address in addresses.items():
        before = first.setdefault(address, line)
        if before != line:
            words = _("The same person as in line %d.") % before
            yield Fault(line, columns.EMAIL, words)


def _standing(study: Study, addresses: Mapping[int, str]) -> Iterator[Fault]:
    found = standing(study, set(addresses.values()))
    for line, address in addresses.items():
        if found[address] != Standing.FREE:
            yield Fault(line, columns.EMAIL, words_for(found[address]))


def words_for(stands: Standing) -> str:
    """Of an address that cannot be invited; it is not named."""
    return {
        Standing.INVITED: _("This person has been invited already."),
        Standing.ENROLLED: _("This person is or was enrolled in this study already."),
        Standing.DO_NOT_INVITE: _("This person asked not to be invited."),
    }[stands]
