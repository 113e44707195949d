"""New time zone rules: the instants of what is ahead are derived anew from their local times."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from participants.models import Enrolment
from participants.models.enrolment import EnrolmentQuerySet
from scheduling import timetable
from scheduling.instants import needs_instants
from scheduling.models import Kind, Prompt
from scheduling.models.prompt import PromptQuerySet
from scheduling.services.ahead import KINDS, Ahead, ahead_of
from scheduling.services.moving import locked, move, open_at


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Zones of what is planned: whose rules have `changed` since, and which are `gone`."""

    changed: frozenset[str]
    gone: frozenset[str]


def compared() -> Rules:
    """One query, whose rows are days, hours and zones: thousands of people share each of them."""
    changed, gone = set(), set()
    rows = _ahead().order_by().values_list("zone", "local_date", "local_time", "due_at").distinct()
    for zone, day, at, due_at in rows.iterator():
        if not timetable.is_known(zone):
            gone.add(zone)
        elif timetable.instant(day, at, zone) != due_at:
            changed.add(zone)
    return Rules(changed=frozenset(changed), gone=frozenset(gone))


def people_in(zones: frozenset[str]) -> EnrolmentQuerySet:
    """Those with something planned in one of these zones."""
    return Enrolment.objects.filter(
        pk__in=_ahead().filter(zone__in=zones).order_by().values("enrolment")
    ).order_by("pk")


@needs_instants
@transaction.atomic
def rederive(*, enrolment: Enrolment, now: datetime) -> int:
    """Compute the instants of unsent rows anew, after an update of the time zone rules.

    Returns how many changed; no other row is written. A row whose zone no longer exists keeps the
    instant it has, and one that was tried and waits to be tried again keeps its wait. Raises
    `NotTakingPart`.
    """
    ahead = ahead_of(locked(enrolment), now=now, lock=True)
    rows = [*ahead.sessions, *ahead.nudges.values(), *([ahead.farewell] if ahead.farewell else [])]
    return sum(_rederive_row(row, ahead) for row in rows)


def _ahead() -> PromptQuerySet:
    return Prompt.objects.planned().filter(kind__in=KINDS, copy=0)


def _rederive_row(prompt: Prompt, ahead: Ahead) -> bool:
    if prompt.attempts and prompt.next_attempt_at > prompt.due_at:
        return False
    if not timetable.is_known(prompt.zone):
        return False
    if timetable.instant(prompt.local_date, prompt.local_time, prompt.zone) == prompt.due_at:
        return False
    move(prompt, prompt.local_date, prompt.local_time, prompt.zone)
    if prompt.kind == Kind.SESSION and prompt.occurrence not in ahead.open_weeks:
        open_at(prompt)
    return True
