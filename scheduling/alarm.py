"""One mail to the studies' contacts when mail stands still, and one when it goes again.

Whoever notices may look: the tick, `send_due`, the web's readiness or a staff page. What is to be
told is written down first, one row an address, and claimed in the database before it is tried, so
that of many who notice at once one tells. Where the mail server is what is broken, it is tried
again at later looks.

It is told after five minutes of red: a mail server or a deployment that starts anew is back
before that, and there is nothing anybody could do about it. Well must last as long, and twice as
long after each one told in the last day, or a sender that stops and stands by turns would write at
each turn.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from scheduling import alarm_mail
from scheduling.concerned import Contact, contacts, toll
from scheduling.models import Alarm, AlarmMail
from scheduling.safely import safely
from scheduling.watch import MailHealth, mail_health

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=5)
_MEMORY = timedelta(days=1)
_MOST_DOUBLINGS = 6
Says = AlarmMail.Says


def look(*, now: datetime) -> None:
    """Note how things are, and tell what is to be told. Never raises."""
    notice(now=now)
    tell(now=now)


def notice(*, now: datetime) -> None:
    """Writes down what is wrong, or well again; speaks to nobody. Never raises.

    Before the tick beats, so that a time without ticks is seen by the first one after it.
    """
    safely("noticing an alarm", lambda: note(mail_health(now)))


def has_news(*, now: datetime) -> bool:
    """Whether there is anything to tell. Never raises."""
    return bool(safely("looking for an alarm", lambda: alarm_mail.waiting(now).exists()))


def tell(*, now: datetime) -> None:
    """Speaks to the mail server, if there is anything to tell. Never raises."""
    safely("telling an alarm", lambda: alarm_mail.tell_all(now))


@transaction.atomic
def note(health: MailHealth) -> None:
    began, now = health.red_since, health.now
    alarm = Alarm.objects.open().first()
    if began is not None:
        _note_red(alarm or _raise(health, began), health)
    elif alarm is None or not health.is_well:
        return
    elif alarm.well_at is None or alarm.well_at > now:
        # One that is ahead of now was written by a clock that is.
        Alarm.objects.open().filter(pk=alarm.pk).update(well_at=now)
    elif now - alarm.well_at >= _until_over(alarm):
        _clear(alarm, alarm.well_at, now)


def _until_over(alarm: Alarm) -> timedelta:
    """How long all must have been well."""
    told = Alarm.objects.filter(mails__isnull=False, raised_at__lt=alarm.raised_at)
    before = told.filter(raised_at__gt=alarm.raised_at - _MEMORY).distinct().count()
    return PATIENCE * (1 << min(before, _MOST_DOUBLINGS))


def _raise(health: MailHealth, began: datetime) -> Alarm:
    """Of those who notice at once, one raises it; the constraint sees to that."""
    first = {"began_at": began, "raised_at": health.now, "reason": _faults(health)}
    alarm, is_new = Alarm.objects.get_or_create(cleared_at=None, defaults=first)
    if is_new:
        logger.error("the mail stands still: %s", alarm.reason)
    return alarm


def _faults(health: MailHealth, before: str = "") -> str:
    return " ".join(sorted({*before.split(), *health.faults}))


def _note_red(alarm: Alarm, health: MailHealth) -> None:
    reason = _faults(health, alarm.reason)
    if alarm.well_at is not None or reason != alarm.reason:
        Alarm.objects.open().filter(pk=alarm.pk).update(well_at=None, reason=reason)
    if health.now - alarm.raised_at >= PATIENCE:
        _write_down(alarm, Says.RED, contacts(alarm), health.now)


def _clear(alarm: Alarm, well_at: datetime, now: datetime) -> None:
    """Said to whom it was told, or was to be; and of a standstill that nobody noticed in time, to
    those whose mails it delayed.
    """
    if not Alarm.objects.open().filter(pk=alarm.pk, well_at=well_at).update(cleared_at=now):
        return
    logger.info("the mail goes again")
    told = set(alarm.mails.filter(says=Says.RED).values_list("address", flat=True))
    was_long = well_at - alarm.began_at >= PATIENCE
    concerned = [
        each
        for each in contacts(alarm)
        if each.address in told or (was_long and toll(alarm, each).is_any)
    ]
    _write_down(alarm, Says.WELL, concerned, now)


def _write_down(alarm: Alarm, says: Says, to: list[Contact], now: datetime) -> None:
    AlarmMail.objects.bulk_create(
        [
            AlarmMail(alarm=alarm, address=each.address, says=says, made_at=now, next_try_at=now)
            for each in to
        ],
        ignore_conflicts=True,
    )
