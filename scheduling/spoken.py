"""Times, lengths and numbers as a person says them: “7 in the evening”, “week two”, “4 minutes”."""

from collections.abc import Callable
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_NUMBERS: list[Callable[[], str]] = [
    lambda: _("one"),
    lambda: _("two"),
    lambda: _("three"),
    lambda: _("four"),
    lambda: _("five"),
    lambda: _("six"),
    lambda: _("seven"),
    lambda: _("eight"),
    lambda: _("nine"),
    lambda: _("ten"),
]


def hour(moment: time) -> str:
    """A time of day: “7 in the evening”, “7:30 in the morning”, “midday”."""
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return _("midday") if moment.hour else _("midnight")
    clock = str((moment.hour - 1) % 12 + 1)
    if moment.minute:
        clock += f":{moment.minute:02}"
    return _part_of_day(moment.hour) % {"clock": clock}


def _part_of_day(hour: int) -> str:
    if hour < 5:
        return _("%(clock)s at night")
    if hour < 12:
        return _("%(clock)s in the morning")
    if hour < 18:
        return _("%(clock)s in the afternoon")
    if hour < 22:
        return _("%(clock)s in the evening")
    return _("%(clock)s at night")


def day(moment: date) -> str:
    """ "Thursday 7 May"; with the year where it is another. A datetime: in the current zone."""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment).date()
    is_this_year = moment.year == timezone.localdate().year
    return date_format(moment, "l j F" if is_this_year else "l j F Y")


def long_date(moment: date) -> str:
    """ "17 December 2027": for what is far away."""
    return date_format(moment, "j F Y")


def moment(at: datetime) -> str:
    """ "Thursday 7 May at 7 in the evening", on the clock of the current zone."""
    local = timezone.localtime(at)
    return _("%(day)s at %(hour)s") % {"day": day(local.date()), "hour": hour(local.time())}


def zone(name: str) -> str:
    """ "UK time", "New York time": for an IANA name."""
    if name == "Europe/London":
        return _("UK time")
    if name in {"UTC", "Etc/UTC"}:
        return _("UTC")
    return _("%(place)s time") % {"place": name.rsplit("/", 1)[-1].replace("_", " ")}


def number(value: int) -> str:
    return _NUMBERS[value - 1]() if 1 <= value <= len(_NUMBERS) else str(value)


def week(value: int, *, capital: bool = True) -> str:
    words = _("Week %(number)s") if capital else _("week %(number)s")
    return words % {"number": number(value)}


def minutes(seconds: float | None) -> str:
    """A length, rounded to whole minutes and never to none: “4 minutes”. Empty when unknown."""
    if not seconds:
        return ""
    whole = max(1, round(seconds / 60))
    return ngettext("%(count)d minute", "%(count)d minutes", whole) % {"count": whole}


def clock(seconds: float) -> str:
    """A place in a medium: “4:12”, “1:02:05”."""
    hours, rest = divmod(int(seconds), 3600)
    shown = f"{rest // 60}:{rest % 60:02}"
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else shown


def size(count: int) -> str:
    """Bytes as whole megabytes, at least one: “96 MB”."""
    return _("%(count)d MB") % {"count": max(1, round(count / 1_000_000))}
