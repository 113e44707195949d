"""Four weeks as a person chose them, and the instants at which their mails go: a table to read.

Each line: what it is about; the zone, weekday and hour that were chosen, and when (UTC); and the
four instants (UTC). The notes say what the clocks there show.
"""

from datetime import UTC, datetime, time
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling import plan
from scheduling.models.rhythm import Weekday
from scheduling.plan import Beat
from scheduling.services import choose_day, rederive, rules
from tests.factories.participants import EnrolmentFactory
from tests.scheduling.zones import ALL_ZONES
from tests.services.databases import examples

TABLE = [
    (
        "clocks go back, north: 25 October",
        "Europe/London Thursday 19:00",
        "2026-10-12 09:00",
        ["2026-10-15 18:00", "2026-10-22 18:00", "2026-10-29 19:00", "2026-11-05 19:00"],
    ),
    (
        "clocks go forward, north: 29 March",
        "Europe/London Thursday 19:00",
        "2026-03-16 09:00",
        ["2026-03-19 19:00", "2026-03-26 19:00", "2026-04-02 18:00", "2026-04-09 18:00"],
    ),
    (
        "in the gap: on 29 March there is no 01:30, so 02:30",
        "Europe/London Sunday 01:30",
        "2026-03-16 09:00",
        ["2026-03-22 01:30", "2026-03-29 01:30", "2026-04-05 00:30", "2026-04-12 00:30"],
    ),
    (
        "in the fold: on 25 October 01:30 comes twice, the first is meant",
        "Europe/London Sunday 01:30",
        "2026-10-12 09:00",
        ["2026-10-18 00:30", "2026-10-25 00:30", "2026-11-01 01:30", "2026-11-08 01:30"],
    ),
    (
        "in the gap, west: on 8 March there is no 02:30, so 03:30",
        "America/New_York Sunday 02:30",
        "2026-02-23 12:00",
        ["2026-03-01 07:30", "2026-03-08 07:30", "2026-03-15 06:30", "2026-03-22 06:30"],
    ),
    (
        "clocks go forward, south: 4 October",
        "Australia/Sydney Thursday 19:00",
        "2026-09-21 09:00",
        ["2026-09-24 09:00", "2026-10-01 09:00", "2026-10-08 08:00", "2026-10-15 08:00"],
    ),
    (
        "clocks go back, south: 5 April",
        "Australia/Sydney Thursday 19:00",
        "2026-03-23 00:00",
        ["2026-03-26 08:00", "2026-04-02 08:00", "2026-04-09 09:00", "2026-04-16 09:00"],
    ),
    (
        "in the fold, south, before midnight: on 4 April 23:30 comes twice",
        "America/Santiago Saturday 23:30",
        "2026-03-23 12:00",
        ["2026-03-29 02:30", "2026-04-05 02:30", "2026-04-12 03:30", "2026-04-19 03:30"],
    ),
    (
        "in the gap, south, at midnight: on 6 September there is no 00:30, so 01:30",
        "America/Santiago Sunday 00:30",
        "2026-08-24 12:00",
        ["2026-08-30 04:30", "2026-09-06 04:30", "2026-09-13 03:30", "2026-09-20 03:30"],
    ),
    (
        "a gap of half an hour: on 4 October there is no 02:15, so 02:45",
        "Australia/Lord_Howe Sunday 02:15",
        "2026-09-21 09:00",
        ["2026-09-26 15:45", "2026-10-03 15:45", "2026-10-10 15:15", "2026-10-17 15:15"],
    ),
    (
        "a fold of half an hour: on 5 April 01:45 comes twice",
        "Australia/Lord_Howe Sunday 01:45",
        "2026-03-23 09:00",
        ["2026-03-28 14:45", "2026-04-04 14:45", "2026-04-11 15:15", "2026-04-18 15:15"],
    ),
    (
        "a gap of two hours: on 29 March there is no 02:30, so 04:30",
        "Antarctica/Troll Sunday 02:30",
        "2026-03-16 09:00",
        ["2026-03-22 02:30", "2026-03-29 02:30", "2026-04-05 00:30", "2026-04-12 00:30"],
    ),
    (
        "a day that was skipped: there was no Friday 30 December, so Saturday at nine",
        "Pacific/Apia Friday 09:00",
        "2011-12-19 12:00",
        ["2011-12-23 19:00", "2011-12-30 19:00", "2012-01-05 19:00", "2012-01-12 19:00"],
    ),
    (
        "Ramadan begins: clocks go back on 15 February",
        "Africa/Casablanca Thursday 19:00",
        "2026-02-09 09:00",
        ["2026-02-12 18:00", "2026-02-19 19:00", "2026-02-26 19:00", "2026-03-05 19:00"],
    ),
    (
        "Ramadan is over: clocks go forward on 22 March",
        "Africa/Casablanca Thursday 19:00",
        "2026-03-09 09:00",
        ["2026-03-12 19:00", "2026-03-19 19:00", "2026-03-26 18:00", "2026-04-02 18:00"],
    ),
    (
        "new rules: in 2023 Mexico went forward no more (2 April)",
        "America/Mexico_City Thursday 19:00",
        "2023-03-27 12:00",
        ["2023-03-31 01:00", "2023-04-07 01:00", "2023-04-14 01:00", "2023-04-21 01:00"],
    ),
    (
        "the old rules: in 2022 it had (3 April)",
        "America/Mexico_City Thursday 19:00",
        "2022-03-28 12:00",
        ["2022-04-01 01:00", "2022-04-08 00:00", "2022-04-15 00:00", "2022-04-22 00:00"],
    ),
    (
        "new rules: on 28 October 2022 Jordan did not go back",
        "Asia/Amman Thursday 19:00",
        "2022-10-17 09:00",
        ["2022-10-20 16:00", "2022-10-27 16:00", "2022-11-03 16:00", "2022-11-10 16:00"],
    ),
    (
        "new rules: nor did Syria",
        "Asia/Damascus Thursday 19:00",
        "2022-10-17 09:00",
        ["2022-10-20 16:00", "2022-10-27 16:00", "2022-11-03 16:00", "2022-11-10 16:00"],
    ),
    (
        "another zone by decree: on 27 December 2020 Volgograd went back for good",
        "Europe/Volgograd Thursday 19:00",
        "2020-12-14 09:00",
        ["2020-12-17 15:00", "2020-12-24 15:00", "2020-12-31 16:00", "2021-01-07 16:00"],
    ),
    (
        "fourteen hours ahead of UTC, where it is Tuesday already",
        "Pacific/Kiritimati Thursday 06:00",
        "2026-01-05 12:00",
        ["2026-01-07 16:00", "2026-01-14 16:00", "2026-01-21 16:00", "2026-01-28 16:00"],
    ),
    (
        "twelve hours behind it",
        "Etc/GMT+12 Thursday 22:00",
        "2026-01-05 12:00",
        ["2026-01-09 10:00", "2026-01-16 10:00", "2026-01-23 10:00", "2026-01-30 10:00"],
    ),
    (
        "an offset of five hours and three quarters",
        "Asia/Kathmandu Thursday 06:30",
        "2026-01-05 12:00",
        ["2026-01-08 00:45", "2026-01-15 00:45", "2026-01-22 00:45", "2026-01-29 00:45"],
    ),
    (
        "over a leap day, on it",
        "Europe/London Tuesday 19:00",
        "2028-02-14 12:00",
        ["2028-02-15 19:00", "2028-02-22 19:00", "2028-02-29 19:00", "2028-03-07 19:00"],
    ),
    (
        "over a February without one",
        "Europe/London Tuesday 19:00",
        "2027-02-15 12:00",
        ["2027-02-16 19:00", "2027-02-23 19:00", "2027-03-02 19:00", "2027-03-09 19:00"],
    ),
    (
        "over the end of a year",
        "Europe/London Thursday 19:00",
        "2026-12-21 12:00",
        ["2026-12-24 19:00", "2026-12-31 19:00", "2027-01-07 19:00", "2027-01-14 19:00"],
    ),
    (
        "chosen an hour before, on the very day",
        "Europe/London Thursday 19:00",
        "2026-01-08 18:00",
        ["2026-01-08 19:00", "2026-01-15 19:00", "2026-01-22 19:00", "2026-01-29 19:00"],
    ),
    (
        "chosen a minute after that: a week on",
        "Europe/London Thursday 19:00",
        "2026-01-08 18:01",
        ["2026-01-15 19:00", "2026-01-22 19:00", "2026-01-29 19:00", "2026-02-05 19:00"],
    ),
    (
        "chosen in the second half past one of the fold; half past two is an hour and more ahead",
        "Europe/London Sunday 03:00",
        "2026-10-25 01:45",
        ["2026-10-25 03:00", "2026-11-01 03:00", "2026-11-08 03:00", "2026-11-15 03:00"],
    ),
]


def beat_of(chosen: str) -> Beat:
    zone, weekday, hour = chosen.split()
    return Beat(weekday=Weekday[weekday.upper()], local_time=time.fromisoformat(hour), zone=zone)


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def four_weeks(beat: Beat, now: datetime) -> plan.Plan:
    modules = [SimpleNamespace(week=week, title=f"Week {week}") for week in range(1, 5)]
    return plan.of_modules(cast(Any, modules), beat, now=now)


@pytest.mark.parametrize(
    ("chosen", "when", "expected"),
    [line[1:] for line in TABLE],
    ids=[f"{line[1].split()[0]}: {line[0]}" for line in TABLE],
)
def test_the_mails_go_at(chosen: str, when: str, expected: list[str]) -> None:
    weeks = four_weeks(beat_of(chosen), utc(when))
    assert [f"{each.opens_at:%Y-%m-%d %H:%M}" for each in weeks] == expected


@pytest.mark.django_db
@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    zone=ALL_ZONES,
    weekday=st.integers(1, 7),
    hour=st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    days=st.integers(0, 4000),
)
def test_to_derive_anew_what_was_derived_changes_nothing(db, zone, weekday, hour, days) -> None:
    """Through the database and back, in whatever zone."""
    now = datetime.fromtimestamp(1767600000 + days * 86400, UTC)
    person = EnrolmentFactory(consented_at=now)
    choose_day(enrolment=person, weekday=weekday, local_time=hour, zone=zone, now=now)
    planned = four_weeks(Beat(weekday=weekday, local_time=hour, zone=zone), now)
    opens = list(person.sessions.in_order().values_list("opens_at", flat=True))
    assert opens == [each.opens_at for each in planned]
    assert rederive(enrolment=person, now=now) == 0
    assert rules.compared().changed == frozenset()
