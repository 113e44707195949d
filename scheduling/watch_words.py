"""The state of the mail in sentences: for staff pages, the health pages and the alarm."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.watch import CLOCKS, MailHealth


def complaints(health: MailHealth, zone: ZoneInfo) -> list[str]:
    """What is wrong, each in a sentence; empty when all is well. Times are in `zone`."""
    return [
        *overdue(health, zone),
        *heartbeat(health, zone),
        *sender(health, zone),
        *clocks(health),
    ]


def overdue(health: MailHealth, zone: ZoneInfo) -> Iterator[str]:
    if health.due_not_sent and health.oldest_due_at:
        words = {
            "count": health.due_not_sent,
            "when": clock(health.oldest_due_at.astimezone(zone)),
        }
        yield (
            ngettext(
                "%(count)d mail is due and was not sent. It was due on %(when)s.",
                "%(count)d mails are due and were not sent. The oldest was due on %(when)s.",
                health.due_not_sent,
            )
            % words
        )


def heartbeat(health: MailHealth, zone: ZoneInfo) -> Iterator[str]:
    if health.beat_at is None:
        yield _("The sender has not run yet. Start send_due, or Celery’s worker and beat.")
    elif not health.is_ticking:
        when = clock(health.beat_at.astimezone(zone))
        yield _("The sender last ran on %s.") % when


def sender(health: MailHealth, zone: ZoneInfo) -> Iterator[str]:
    if health.stopped_at:
        words = {"when": clock(health.stopped_at.astimezone(zone)), "reason": health.reason}
        yield _("The mail sender stopped on %(when)s: %(reason)s.") % words


def clocks(health: MailHealth) -> Iterator[str]:
    if abs(health.clock_difference) > CLOCKS:
        seconds = abs(health.clock_difference).total_seconds()
        yield _("The clocks of the application and the database differ by %.0f s.") % seconds


def meaning() -> str:
    """For whoever reads of it first, and may be no technician."""
    return _("Nothing is lost: what is due waits, and goes by itself once this is put right.")


def first_step() -> str:
    return _("Pass this on to whoever runs the platform.")


def clock(moment: datetime) -> str:
    """In the zone that `moment` is in."""
    return date_format(moment, "D j M, H:i")
