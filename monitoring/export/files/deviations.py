"""What went otherwise than planned, as far as the data can tell."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from django.db.models import F

from monitoring.export.columns import (
    CODE,
    IS_TEST,
    Column,
    category,
    integer,
    moment,
    number,
    person,
    text,
)
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import CHUNK, File, Row
from monitoring.export.files.prompts import known
from monitoring.export.zones import ZONE
from monitoring.models import StaffAction
from scheduling import lateness, timetable
from scheduling.models import Kind, Prompt

State, Reason, Action = Prompt.State, Prompt.Reason, StaffAction.Kind

_BY_STAFF = {
    Action.SEND_AGAIN: "Staff sent a mail again",
    Action.SETTLE: "Staff settled an unconfirmed mail",
    Action.MOVE_DAY: "Staff changed the day",
    Action.PAUSE: "Staff began a break",
    Action.RESUME: "Staff ended a break",
    Action.WITHDRAW: "Staff recorded a withdrawal",
    Action.CHANGE_ADDRESS: "Staff changed the address",
}
_DEVIATIONS = {
    "mail_failed": "A mail was refused for good",
    "mail_missed": "A mail could not go in time, and was not sent",
    "mail_unconfirmed": "A mail may or may not have arrived",
    "mail_late": "A mail went more than 24 hours late",
    "mail_came_back": "A mail was sent, and came back",
    "mail_called_spam": "A mail was sent, and was called spam",
    "mail_held_back": "A mail was not sent; the reason says why",
    "day_changed": "A week came on another weekday, hour or time zone than the one before",
    "put_off": "A week came on the same day and hour, but more than seven days after the last",
    **{f"staff_{kind.value}": meaning for kind, meaning in _BY_STAFF.items()},
}
_REASONS = {each.value: str(each.label) for each in Reason if each != Reason.NONE}


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """One line. `hours` is by how much it was later than planned."""

    deviation: str
    happened_at: datetime
    zone: str
    mail: str = ""
    week: int | None = None
    reason: str = ""
    planned_at: datetime | None = None

    @property
    def hours(self) -> float | None:
        if self.planned_at is None:
            return None
        return round((self.happened_at - self.planned_at).total_seconds() / 3600, 2)


def columns(cut: Cut) -> list[Column]:
    return [
        *person(),
        category("deviation", "What went otherwise.", _DEVIATIONS),
        category("mail", "The mail it is about.", Kind),
        integer("week", "The week it is about.", unit="week"),
        category("reason", "Why, where that is known.", _REASONS),
        *moment("planned_at", "When it should have been.", until=None),
        *moment("happened_at", "When it was; of what did not happen, when we knew.", until=None),
        number("hours", "By how much it was later than planned.", unit="hours"),
        text(ZONE, "Time zone of this line’s local times."),
    ]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    """Person by person, in the order in which it happened."""
    get = itemgetter(*names)
    both = merge(_of_mails(cut), _of_staff(cut), key=itemgetter(0))
    for _enrolment, lines in groupby(both, key=itemgetter(0)):
        found = [(whose, each) for _pk, whose, each in lines]
        for whose, each in sorted(found, key=lambda line: _order(line[1])):
            yield get({**whose, **asdict(each), "hours": each.hours})


def _order(each: Deviation) -> tuple[Any, ...]:
    return each.happened_at, each.deviation, each.mail, each.week or 0


Line = tuple[int, dict[str, Any], Deviation]


def _of_mails(cut: Cut) -> Iterator[Line]:
    people = groupby(_mails(cut).iterator(CHUNK), key=lambda mail: mail.enrolment_id)
    for enrolment, rows in people:
        mails = list(rows)
        whose = {CODE: mails[0].person_code, IS_TEST: mails[0].person_is_test}
        for mail in mails:
            yield from ((enrolment, whose, each) for each in _of_mail(mail, cut.until))
        yield from ((enrolment, whose, each) for each in _of_weeks(mails))


def _mails(cut: Cut) -> Any:
    whose = {CODE: F("enrolment__code"), IS_TEST: F("enrolment__is_test")}
    return known(cut).annotate(**whose)


def _of_mail(mail: Any, until: datetime) -> Iterator[Deviation]:
    about = Deviation(
        deviation="",
        mail=mail.kind,
        week=mail.occurrence or None,
        reason=mail.reason_then,
        planned_at=mail.due_at,
        happened_at=mail.settled_at or mail.attempted_at,
        zone=mail.zone,
    )
    for deviation, is_so, at in _FOUND:
        when = at(mail)
        if is_so(mail) and when is not None and when <= until:
            yield replace(about, deviation=deviation, happened_at=when)


def _became(state: str) -> Callable[[Any], bool]:
    return lambda mail: bool(mail.state_then == state)


def _settled(mail: Any) -> datetime | None:
    at: datetime | None = mail.settled_at
    return at


def _is_held_back(mail: Any) -> bool:
    return mail.state_then == State.SKIPPED and mail.reason_then in Prompt.HELD_BACK


def _is_late(mail: Any) -> bool:
    sent = mail.sent_then
    return sent is not None and lateness.is_late(due_at=mail.due_at, now=sent)


# What it is, whether it was so by the cut, and when.
_FOUND: list[tuple[str, Callable[[Any], bool], Callable[[Any], datetime | None]]] = [
    ("mail_failed", _became(State.FAILED), _settled),
    ("mail_missed", _became(State.MISSED), _settled),
    ("mail_unconfirmed", _became(State.UNCONFIRMED), lambda mail: mail.attempted_at),
    ("mail_held_back", _is_held_back, _settled),
    ("mail_late", _is_late, lambda mail: mail.sent_then),
    ("mail_came_back", lambda mail: mail.bounced_at is not None, lambda mail: mail.bounced_at),
    (
        "mail_called_spam",
        lambda mail: mail.complained_at is not None,
        lambda mail: mail.complained_at,
    ),
]


def _of_weeks(mails: Iterable[Any]) -> Iterator[Deviation]:
    """Between two weeks that follow each other, both of whose mails are settled."""
    weeks = [each for each in mails if _is_first_of_week(each)]
    for before, week in pairwise(sorted(weeks, key=lambda each: each.occurrence)):
        if week.occurrence != before.occurrence + 1:
            continue
        zone = timetable.known_or_utc(before.zone)
        planned = timetable.instant(before.local_date + timetable.WEEK, before.local_time, zone)
        if week.due_at != planned:
            yield Deviation(
                deviation="put_off" if _beat(week) == _beat(before) else "day_changed",
                mail=week.kind,
                week=week.occurrence,
                planned_at=planned,
                happened_at=week.due_at,
                zone=week.zone,
            )


def _is_first_of_week(mail: Any) -> bool:
    return bool(mail.kind == Kind.SESSION and mail.copy == 0 and mail.state_then != State.CANCELLED)


def _beat(mail: Any) -> tuple[Any, ...]:
    return mail.local_date.isoweekday(), mail.local_time, mail.zone


def _of_staff(cut: Cut) -> Iterator[Line]:
    actions = (
        StaffAction.objects.filter(recorded(cut, "enrolment__"), kind__in=_BY_STAFF)
        .filter(at__lte=cut.until)
        .order_by("enrolment_id", "at", "pk")
    )
    zone = cut.study.default_zone
    fields = ("enrolment_id", "enrolment__code", "enrolment__is_test", "kind", "at")
    for enrolment, code, is_test, kind, at in actions.values_list(*fields).iterator(CHUNK):
        action = Deviation(deviation=f"staff_{kind}", happened_at=at, zone=zone)
        yield enrolment, {CODE: code, IS_TEST: is_test}, action


DEVIATIONS = File(
    name="deviations.csv",
    about="One line for each thing that went otherwise than planned: a mail that failed, came "
    "late or came back, a day that was changed, a break, an action of staff. From which day to "
    "which a plan was changed is in changes.csv.",
    columns=columns,
    rows=rows,
)
