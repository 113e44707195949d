"""Fifteen people, every weekday, five zones, four weeks across the changes of clocks of autumn 2026.

Clocks go back in London on 25 October and in New York on 1 November; Lord Howe, half an hour, and
Santiago went forward before; Kolkata has no such thing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import time_machine

from participants.models import Enrolment
from tests.factories.scheduling import enrolled
from tests.factories.studies import StudyFactory
from tests.services.smtp import Received

START = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
END = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
]
HOURS = ["07:00", "12:30", "19:00", "21:30"]


@dataclass(frozen=True)
class Member:
    enrolment: Enrolment
    weekday: int
    local_time: time
    zone: str

    @property
    def address(self) -> str:
        return self.enrolment.user.email


def join_all() -> list[Member]:
    study = StudyFactory()
    return [_join(study, number) for number in range(15)]


def _join(study, number: int) -> Member:
    weekday, hour, zone = number % 7 + 1, HOURS[number % 4], ZONES[number % 5]
    person = enrolled(study=study, weekday=weekday, time=hour, zone=zone, now=START)
    return Member(person, weekday, time.fromisoformat(hour), zone)


def live_through(members: list[Member], tick: Callable[[], None]) -> None:
    """Call `tick` four times a day of the simulated weeks, and three times about each hour at which
    a weekly mail should come: half an hour before, when one that is due too early would go; then;
    and half an hour later, when one that is due too late would. Each twenty seconds past.
    """
    moments = {moment for member in members for moment in _about_their_hours(member)}
    with time_machine.travel(START, tick=True) as traveller:
        for moment in sorted(moments | set(_every_sixth_hour())):
            traveller.move_to(moment + timedelta(seconds=20))
            tick()


def _every_sixth_hour() -> Iterator[datetime]:
    moment = START
    while moment < END:
        yield moment
        moment += timedelta(hours=6)


def _about_their_hours(member: Member) -> Iterator[datetime]:
    zone = ZoneInfo(member.zone)
    for days in range((END - START).days + 1):
        day = (START + timedelta(days=days)).date()
        if day.isoweekday() == member.weekday:
            hour = datetime.combine(day, member.local_time, zone).astimezone(UTC)
            if START < hour < END:
                yield from (hour + timedelta(minutes=minutes) for minutes in (-30, 0, 30))


def check(members: list[Member], received: list[Received]) -> None:
    """Sixty weekly mails, each on its day and hour; and the others, as many as there should be.

    Not those to the study's contact: a tick each half hour is a standstill, and alarms.
    """
    contact = members[0].enrolment.study.contact_email
    received = [each for each in received if each.rcpt_tos != [contact]]
    for member in members:
        _check_one(member, [each for each in received if each.rcpt_tos == [member.address]])
    kinds = Counter(_kind(each) for each in received)
    assert kinds == {"session": 60, "welcome": 15, "nudge": 30, "farewell": 15}
    assert len({each.message["Message-ID"] for each in received}) == len(received)


def _check_one(member: Member, received: list[Received]) -> None:
    sessions = [each for each in received if _kind(each) == "session"]
    came = [each.at.astimezone(ZoneInfo(member.zone)) for each in sessions]
    assert [each.isoweekday() for each in came] == [member.weekday] * 4
    assert [(each.hour, each.minute) for each in came] == [
        (member.local_time.hour, member.local_time.minute)
    ] * 4
    assert [each.date() - came[0].date() for each in came] == [
        timedelta(weeks=week) for week in range(4)
    ]
    weeks = [f"This is week {week} of 4" for week in range(1, 5)]
    assert all(said in each.text() for said, each in zip(weeks, sessions, strict=True))


def _kind(mail: Received) -> str:
    subject = mail.message["Subject"]
    beginnings = {
        "Your dates": "welcome",
        "Your session is here": "nudge",
        "Thank you": "farewell",
    }
    return next((kind for said, kind in beginnings.items() if subject.startswith(said)), "session")
