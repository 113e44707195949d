"""Local dates and times become instants. Pure: no database, no clock of its own.

Weeks are added to the local date, never 7 × 24 hours to an instant, so that seven in the evening
stays seven in the evening when the clocks change.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEK = timedelta(days=7)
LEAD = timedelta(hours=1)
DAYS_APART = 4


def instant(day: date, at: time, zone: str) -> datetime:
    """The instant, in UTC, at which clocks in `zone` (an IANA name) show `at` on `day`.

    A time that does not exist is moved forward by the length of the gap; of one that comes twice
    the first is meant. Raises `ZoneInfoNotFoundError` for a name that is not, or no longer, known.
    """
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), ZoneInfo(zone)).astimezone(UTC)


def local(at: datetime, zone: str) -> datetime:
    """`at` on the clock of `zone`. Raises `ValueError` for a datetime without a time zone."""
    refuse_naive(at)
    return at.astimezone(ZoneInfo(zone))


def refuse_naive(at: datetime) -> None:
    """Raises `ValueError` for a datetime without a time zone."""
    if at.utcoffset() is None:
        msg = f"{at} says no time zone, so it is no instant"
        raise ValueError(msg)


def is_known(zone: str) -> bool:
    """A name that was once valid may be gone from the rules of today."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


def known_or_utc(*zones: str) -> str:
    """The first that the rules of today know; UTC where they know none of them."""
    return next((zone for zone in zones if is_known(zone)), "UTC")


def first_date(
    *, weekday: int, time: time, zone: str, now: datetime, not_before: date | None = None
) -> date:
    """The first `weekday` (ISO: Monday is 1) whose `time` is an hour or more ahead of `now`.

    With `not_before`, also on that local date or later. Raises `ValueError` for another number.
    """
    if not 1 <= weekday <= 7:
        msg = f"{weekday} is no day of the week: Monday is 1, Sunday is 7"
        raise ValueError(msg)
    today = local(now, zone).date()
    start = max(today, not_before or today)
    day = start + timedelta(days=(weekday - start.isoweekday()) % 7)
    if instant(day, time, zone) < now + LEAD:
        day += WEEK
    return day


def weekly_dates(first: date, weeks: int) -> list[date]:
    return [first + WEEK * number for number in range(weeks)]


def days_after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def months_later(day: date, months: int) -> date:
    """The same day of the month; in a shorter month its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
