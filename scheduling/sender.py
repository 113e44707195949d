"""Whether mail may go at all. One row stops every worker, and says why.

What fails before a recipient is named (connecting, signing in, our own address) is about us: the
sender stops, the prompts stay planned. Three identical refusals of mails in a row do the same,
unless they say that a recipient's address is wrong. A stopped sender tries by itself: one worker
looks whether the server takes us again.
"""

import logging
from datetime import datetime, timedelta

from django.db.models import F

from scheduling.models import MailSender
from scheduling.prepared import Change, Given
from scheduling.transport import Refused, Transport, TransportError

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=5)
BREAKER_WAIT = timedelta(minutes=15)
IDENTICAL_REFUSALS = 3
_PROBE = timedelta(minutes=1)
# With the key 1; with none it changes nothing.
NOTE_SENT = Change(
    "sender_notes_sent",
    lambda: MailSender.objects.filter(pk=Given.of(MailSender, "pk"), refusals__gt=0),
    refusal="",
    refusals=0,
)


def may_send(transport: Transport, *, sender: str, now: datetime) -> bool:
    """True if the sender stands, or stands again after a look. At most one worker looks."""
    row = MailSender.objects.filter(pk=1, stopped_at__isnull=False).first()
    if row is None:
        return True
    if not _claim_look(row, now):
        return False
    try:
        transport.probe(sender)
    except TransportError as error:
        stop(error.summary, now=now)
        return False
    resume()
    return True


def stop(reason: str, *, now: datetime, wait: timedelta | None = None) -> None:
    """Stopped once, it waits longer with each failure: as long as it has stood still, 5 minutes at
    most.
    """
    row = _row()
    if row.stopped_at is None:
        row.stopped_at = now
        logger.error("the mail sender stopped: %s", reason)
    standstill = now - row.stopped_at
    row.reason = reason
    row.retry_at = now + (wait or min(max(standstill, FIRST_WAIT), LONGEST_WAIT))
    row.save(update_fields=["stopped_at", "reason", "retry_at"])


def resume() -> None:
    """Identical refusals stay counted, so that the next one stops it again at once."""
    MailSender.objects.filter(pk=1).update(stopped_at=None, reason="", retry_at=None)
    logger.info("the mail sender stands again")


def note_sent() -> None:
    """A mail was taken: what was refused before it is no longer “in a row”."""
    NOTE_SENT.run(pk=1)


def note_refused(refusal: Refused, *, now: datetime) -> None:
    """Counts identical ones; the third in a row stops the sender."""
    _row()
    same = MailSender.objects.filter(pk=1, refusal=refusal.summary)
    if not same.update(refusals=F("refusals") + 1):
        MailSender.objects.filter(pk=1).update(refusal=refusal.summary, refusals=1)
    if MailSender.objects.filter(pk=1, refusals__gte=IDENTICAL_REFUSALS).exists():
        stop(f"refused: {refusal.summary}", now=now, wait=BREAKER_WAIT)


def _claim_look(row: MailSender, now: datetime) -> bool:
    if row.retry_at is not None and row.retry_at > now:
        return False
    return bool(
        MailSender.objects.filter(pk=1, stopped_at__isnull=False, retry_at=row.retry_at).update(
            retry_at=now + _PROBE
        )
    )


def _row() -> MailSender:
    return MailSender.objects.get_or_create(pk=1)[0]
