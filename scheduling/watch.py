"""Is mail going out? Looked at by the health pages, the staff's banner and the alarm."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Func, IntegerField, Q, Subquery, Value

from scheduling.housekeeping import TICK
from scheduling.models import Heartbeat, MailSender, Prompt
from scheduling.models.prompt import PromptQuerySet

LATE = timedelta(minutes=5)
SILENT = timedelta(minutes=3)
CLOCKS = timedelta(seconds=5)
# One that waits to be tried again is tried within this.
_NEXT_TRY = timedelta(hours=2)


class Fault(StrEnum):
    OVERDUE = "overdue"
    SILENT = "silent"
    STOPPED = "stopped"
    CLOCKS = "clocks"


@dataclass(frozen=True, kw_only=True)
class MailHealth:
    """`due_not_sent` counts prompts due five minutes ago and never tried, or that could not be
    written; `clock_difference` is the database's clock minus ours (on SQLite there is only one).
    """

    due_not_sent: int
    oldest_due_at: datetime | None
    beat_at: datetime | None
    stopped_at: datetime | None
    reason: str
    clock_difference: timedelta
    now: datetime

    @property
    def is_ticking(self) -> bool:
        return self.beat_at is not None and self.now - self.beat_at <= SILENT

    @property
    def is_well(self) -> bool:
        return self.beat_at is not None and not self.faults

    @property
    def faults(self) -> dict[Fault, datetime]:
        """What is wrong, each with since when (UTC) it counts as wrong.

        That nothing has ever ticked is no fault: whoever sets a platform up is not there yet. Mail
        that is due all the same is one.
        """
        since: dict[Fault, datetime] = {}
        if self.due_not_sent and self.oldest_due_at:
            since[Fault.OVERDUE] = self.oldest_due_at + LATE
        if self.beat_at is not None and not self.is_ticking:
            since[Fault.SILENT] = self.beat_at + SILENT
        if self.stopped_at is not None:
            since[Fault.STOPPED] = self.stopped_at
        if abs(self.clock_difference) > CLOCKS:
            since[Fault.CLOCKS] = self.now
        return since

    @property
    def red_since(self) -> datetime | None:
        return min(self.faults.values(), default=None)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """How many prompts stand where. `oldest_due_at` is of those never tried, None without any."""

    due: int
    oldest_due_at: datetime | None
    waiting: int
    in_flight: int
    unconfirmed: int


def queue(now: datetime) -> Queue:
    """Each by a partial index that holds only such rows: prompt_due for the first three (in its
    order for the oldest), prompt_in_flight, prompt_unconfirmed.
    """
    due = Prompt.objects.due(now)
    later = Prompt.objects.due(now + _NEXT_TRY).filter(next_attempt_at__gt=now, attempts__gt=0)
    rows = Prompt.objects.order_by()
    return Queue(
        due=due.order_by().count(),
        oldest_due_at=due.filter(attempts=0).values_list("due_at", flat=True).first(),
        waiting=later.order_by().count(),
        in_flight=rows.filter(state=Prompt.State.SENDING).count(),
        unconfirmed=rows.filter(state=Prompt.State.UNCONFIRMED).count(),
    )


def mail_health(now: datetime) -> MailHealth:
    known = _known(now)
    return MailHealth(
        due_not_sent=known["due_not_sent"],
        oldest_due_at=known["oldest_due_at"],
        beat_at=known["beat_at"],
        stopped_at=known["stopped_at"],
        reason=known["stopped_why"] or "",
        clock_difference=_clock_difference(now, known["clock"]),
        now=now,
    )


def _known(now: datetime) -> dict[str, Any]:
    """What is overdue; and when it last ticked, whether the sender is stopped and why, and the
    database's clock, each if there is one. Every staff page asks, so it is one query.
    """
    stopped = MailSender.objects.filter(pk=1, stopped_at__isnull=False)
    beating = Heartbeat.objects.filter(pk=TICK)
    counted = _overdue(now).values(
        due_not_sent=Func("pk", function="COUNT", output_field=IntegerField()),
        oldest_due_at=Func("due_at", function="MIN"),
        beat_at=Subquery(beating.values("beat_at")),
        clock=Subquery(beating.values(clock=_database_clock())),
        stopped_at=Subquery(stopped.values("stopped_at")),
        stopped_why=Subquery(stopped.values("reason")),
    )
    return dict(counted.get())


def _overdue(now: datetime) -> PromptQuerySet:
    """A prompt that could not be written waits for its next attempt, within the hour; the first
    condition lets the index of due prompts serve.
    """
    unwritten = Q(attempts=0) | Q(reason=Prompt.Reason.UNRENDERABLE)
    rows = Prompt.objects.due(now + _NEXT_TRY).order_by()
    return rows.filter(unwritten, due_at__lt=now - LATE)


def _database_clock() -> Func | Value:
    if connection.vendor != "postgresql":
        return Value(None, output_field=DateTimeField())
    return Func(function="clock_timestamp", output_field=DateTimeField())


def _clock_difference(now: datetime, clock: datetime | None) -> timedelta:
    """None where nothing has ever ticked: then nothing is compared."""
    return clock.astimezone(UTC) - now if clock is not None else timedelta(0)
