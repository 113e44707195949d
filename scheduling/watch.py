"""Is mail going out? Looked at by the health page and the staff's banner."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q

from scheduling.housekeeping import TICK
from scheduling.models import Heartbeat, MailSender, Prompt

LATE = timedelta(minutes=5)
SILENT = timedelta(minutes=3)
CLOCKS = timedelta(seconds=5)


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
        return (
            self.due_not_sent == 0
            and self.is_ticking
            and self.stopped_at is None
            and abs(self.clock_difference) <= CLOCKS
        )


def mail_health(now: datetime) -> MailHealth:
    overdue = _overdue(now)
    sender = MailSender.objects.filter(pk=1, stopped_at__isnull=False).first()
    beat = Heartbeat.objects.filter(pk=TICK).first()
    return MailHealth(
        due_not_sent=overdue["count"],
        oldest_due_at=overdue["oldest"],
        beat_at=beat.beat_at if beat is not None else None,
        stopped_at=sender.stopped_at if sender is not None else None,
        reason=sender.reason if sender is not None else "",
        clock_difference=_clock_difference(now),
        now=now,
    )


def _overdue(now: datetime) -> dict[str, Any]:
    unwritten = Q(attempts=0) | Q(reason=Prompt.Reason.UNRENDERABLE)
    # A prompt that could not be written waits for its next attempt, within the hour; the first
    # condition lets the index of due prompts serve.
    soon = now + timedelta(hours=2)
    rows = Prompt.objects.due(soon).order_by().filter(unwritten, due_at__lt=now - LATE)
    return rows.aggregate(count=Count("pk"), oldest=Min("due_at"))


def _clock_difference(now: datetime) -> timedelta:
    if connection.vendor != "postgresql":
        return timedelta(0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
    return at.astimezone(UTC) - now
