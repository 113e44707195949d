"""What the actions that move weeks have in common."""

from datetime import datetime
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from monitoring.actions.deed import CannotBeDone
from monitoring.person.found import rhythm_of, zone_of
from participants.models import Enrolment
from scheduling import timetable
from scheduling.plan import Change
from scheduling.services import NotTakingPart


class Moving:
    """`with Moving():` says in words what the plans refuse."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if isinstance(error, NotTakingPart):
            raise CannotBeDone(_("They do not take part any more.")) from error
        if isinstance(error, ZoneInfoNotFoundError):
            words = _("Their time zone is no more. Change their day first, and the clock with it.")
            raise CannotBeDone(words) from error


def taking_part(person: Enrolment) -> bool:
    return person.status == Enrolment.Status.ACTIVE and rhythm_of(person) is not None


def in_a_break(person: Enrolment, *, now: datetime) -> bool:
    """By their own calendar."""
    rhythm = rhythm_of(person)
    until = rhythm.paused_until if rhythm is not None else None
    return until is not None and timetable.local(now, zone_of(person)).date() < until


def told_after(words: str, change: Change) -> str:
    if not change.weeks:
        return words
    following = change.weeks[0]
    return _("%(words)s Week %(week)d comes on %(day)s at %(hour)s, %(zone)s.") % {
        "words": words,
        "week": following.week,
        "day": date_format(following.local_date, "l j F"),
        "hour": f"{following.local_time:%H:%M}",
        "zone": following.zone,
    }


def details_of(change: Change) -> dict[str, Any]:
    return {"weeks_moved": [week.week for week in change.moved]}
