"""Local dates and times as instants: the odd cases by hand, and what always holds by Hypothesis."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling import timetable
from tests.scheduling.zones import ALL_ZONES

HOURS = st.times(min_value=time(0), max_value=time(23, 59)).map(lambda t: t.replace(microsecond=0))
MOMENTS = st.integers(0, 11 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@pytest.mark.parametrize(
    ("day", "hour", "zone", "expected"),
    [
        ("2026-07-01", "19:00", "Europe/London", "2026-07-01T18:00"),
        ("2026-01-08", "19:00", "Europe/London", "2026-01-08T19:00"),
        # A gap: 01:30 does not exist, so it is an hour later by the clock.
        ("2026-03-29", "01:30", "Europe/London", "2026-03-29T01:30"),
        ("2026-03-29", "02:00", "Europe/London", "2026-03-29T01:00"),
        # A fold: 01:30 comes twice, the first is meant.
        ("2026-10-25", "01:30", "Europe/London", "2026-10-25T00:30"),
        ("2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30"),
        ("2026-03-08", "02:30", "America/New_York", "2026-03-08T07:30"),
        # Lord Howe moves its clocks by half an hour.
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:45"),
        ("2026-04-05", "01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),
        # Samoa had no 30 December 2011: what falls into it comes a day later.
        ("2011-12-30", "09:00", "Pacific/Apia", "2011-12-30T19:00"),
        ("2011-12-31", "09:00", "Pacific/Apia", "2011-12-30T19:00"),
        # Morocco leaves its summer time for Ramadan: 15 February to 22 March 2026.
        ("2026-02-14", "19:00", "Africa/Casablanca", "2026-02-14T18:00"),
        ("2026-02-16", "19:00", "Africa/Casablanca", "2026-02-16T19:00"),
        # Leap day; midnight; the far ends of the world.
        ("2028-02-29", "00:00", "UTC", "2028-02-29T00:00"),
        ("2026-06-01", "00:00", "Pacific/Kiritimati", "2026-05-31T10:00"),
        ("2026-06-01", "23:59", "Pacific/Niue", "2026-06-02T10:59"),
        ("2026-06-01", "06:30", "Asia/Kolkata", "2026-06-01T01:00"),
    ],
)
def test_an_instant_is_when_clocks_there_show_it(
    day: str, hour: str, zone: str, expected: str
) -> None:
    found = timetable.instant(date.fromisoformat(day), time.fromisoformat(hour), zone)
    assert found == datetime.fromisoformat(f"{expected}+00:00")
    assert found.tzinfo is UTC


def test_a_week_across_a_change_of_clocks_is_not_168_hours() -> None:
    before, after = timetable.weekly_dates(date(2026, 10, 22), 2)
    first = timetable.instant(before, time(19), "Europe/London")
    second = timetable.instant(after, time(19), "Europe/London")
    assert second - first == timedelta(hours=169)


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        timetable.instant(date(2026, 1, 1), time(9), "Mars/Olympus")


@pytest.mark.parametrize("weekday", [-1, 0, 8])
def test_a_weekday_that_is_none_is_refused(weekday: int) -> None:
    now = datetime(2026, 1, 1, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="is no day of the week"):
        timetable.first_date(weekday=weekday, time=time(9), zone="UTC", now=now)


@pytest.mark.parametrize(
    ("zones", "found"),
    [
        (["Asia/Tokyo", "Europe/London"], "Asia/Tokyo"),
        (["Europe/Gone", "Europe/London"], "Europe/London"),
        (["Europe/Gone", ""], "UTC"),
        ([], "UTC"),
    ],
)
def test_the_first_zone_that_is_known_counts(zones: list[str], found: str) -> None:
    assert timetable.known_or_utc(*zones) == found


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        timetable.first_date(
            weekday=1,
            time=time(9),
            zone="UTC",
            now=datetime(2026, 1, 1, 9),  # noqa: DTZ001
        )


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-01-08T17:59", "2026-01-08"),
        ("2026-01-08T18:00", "2026-01-08"),
        ("2026-01-08T18:01", "2026-01-15"),
        ("2026-01-09T09:00", "2026-01-15"),
        ("2026-01-07T23:59", "2026-01-08"),
    ],
)
def test_the_first_date_is_an_hour_ahead_or_more(now: str, expected: str) -> None:
    first = timetable.first_date(
        weekday=4,
        time=time(19),
        zone="Europe/London",
        now=datetime.fromisoformat(f"{now}+00:00"),
    )
    assert first == date.fromisoformat(expected)


def test_the_first_date_is_by_the_persons_own_calendar() -> None:
    """At 20:00 on Wednesday in London it is Thursday morning in Auckland."""
    now = datetime(2026, 1, 7, 20, tzinfo=UTC)
    first = timetable.first_date(weekday=4, time=time(12), zone="Pacific/Auckland", now=now)
    assert first == date(2026, 1, 8)


@given(weekday=st.integers(1, 7), hour=HOURS, zone=ALL_ZONES, now=MOMENTS)
def test_the_first_date_is_soon_never_past_and_the_same_when_asked_again(
    weekday: int, hour: time, zone: str, now: datetime
) -> None:
    first = timetable.first_date(weekday=weekday, time=hour, zone=zone, now=now)
    assert first.isoweekday() == weekday
    at = timetable.instant(first, hour, zone)
    assert now + timedelta(hours=1) <= at <= now + timedelta(days=8, hours=4)
    assert timetable.first_date(weekday=weekday, time=hour, zone=zone, now=now) == first


@given(first=st.dates(date(2024, 1, 1), date(2035, 1, 1)), hour=HOURS, zone=ALL_ZONES)
def test_weeks_strictly_increase_and_keep_their_hour_except_in_a_gap(
    first: date, hour: time, zone: str
) -> None:
    dates = timetable.weekly_dates(first, 6)
    instants = [timetable.instant(day, hour, zone) for day in dates]
    assert all(before < after for before, after in itertools.pairwise(instants))
    for day, at in zip(dates, instants, strict=True):
        there = at.astimezone(ZoneInfo(zone))
        shown = (there.date(), there.time().replace(tzinfo=None, fold=0))
        assert shown == (day, hour) or there.replace(tzinfo=None) > datetime.combine(day, hour)


@given(weekday=st.integers(1, 7), hour=HOURS, zone=ALL_ZONES, now=MOMENTS, days=st.integers(0, 120))
def test_a_later_start_keeps_the_weekday_and_waits_no_week_too_long(
    weekday: int, hour: time, zone: str, now: datetime, days: int
) -> None:
    until = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    first = timetable.first_date(weekday=weekday, time=hour, zone=zone, now=now, not_before=until)
    assert first.isoweekday() == weekday
    assert timedelta(0) <= first - until <= timedelta(days=7)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 29), 12, date(2027, 1, 29)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
        (date(2026, 6, 15), 30, date(2028, 12, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day, months, later):
    assert timetable.months_later(day, months) == later
