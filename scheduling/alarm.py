"""One mail to the studies' contacts when mail stands still, and one when it goes again.

Whoever notices may look: the tick, `send_due`, the web's readiness or a staff page. What is to be
told is written down first, one row an address, and claimed in the database before it is tried, so
that of many who notice at once one tells. Sent straight away and never as a prompt: it is about
prompts that do not go. Where the mail server is what is broken, it is tried again at later looks.

It is told after five minutes of red: a mail server or a deployment that starts anew is back
before that, and there is nothing anybody could do about it. Well must last as long, or a sender
that stops and stands by turns would write at each turn.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from scheduling import alarm_words
from scheduling.alarm_words import Toll
from scheduling.models import Alarm, AlarmMail, Prompt
from scheduling.safely import safely
from scheduling.watch import LATE, MailHealth, mail_health
from studies.models import Study

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=5)
# Tried again after as long as it has waited, within these.
SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=1)
# What could not be told for so long is no news.
STALE = timedelta(days=1)
_SECONDS = 10  # for a mail server to answer; a tick must not wait long
Says = AlarmMail.Says
State = Prompt.State


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An address and the studies that have it. Never empty; the first one's zone is used."""

    address: str
    studies: list[Study]


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
    return bool(safely("looking for an alarm", lambda: _waiting(now).exists()))


def tell(*, now: datetime) -> None:
    """Speaks to the mail server, if there is anything to tell. Never raises."""
    safely("telling an alarm", lambda: _tell_all(now))


@transaction.atomic
def note(health: MailHealth) -> None:
    began, now = health.red_since, health.now
    alarm = Alarm.objects.open().first()
    if began is not None:
        _note_red(alarm or _raise(health, began), health)
    elif alarm is None or not health.is_well:
        return
    elif alarm.well_at is None:
        Alarm.objects.open().filter(pk=alarm.pk, well_at__isnull=True).update(well_at=now)
    elif now - alarm.well_at >= PATIENCE:
        _clear(alarm, alarm.well_at, now)


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
    alarm.mails.filter(says=Says.RED, sent_at__isnull=True).delete()
    _write_down(alarm, Says.WELL, concerned, now)


def _write_down(alarm: Alarm, says: Says, to: list[Contact], now: datetime) -> None:
    AlarmMail.objects.bulk_create(
        [
            AlarmMail(alarm=alarm, address=each.address, says=says, made_at=now, next_try_at=now)
            for each in to
        ],
        ignore_conflicts=True,
    )


def contacts(alarm: Alarm) -> list[Contact]:
    """Of every open study with people ahead of it, or who were when the alarm began."""
    ahead = Prompt.objects.filter(enrolment__study=OuterRef("pk")).filter(
        Q(state=State.PLANNED) | Q(settled_at__gte=alarm.began_at)
    )
    studies = Study.objects.filter(state__in=[Study.State.RECRUITING, Study.State.CLOSED])
    found: dict[str, list[Study]] = {}
    for study in studies.filter(Exists(ahead)).order_by("pk"):
        found.setdefault(study.contact_email.strip().lower(), []).append(study)
    return [Contact(address=address, studies=each) for address, each in found.items()]


def toll(alarm: Alarm, contact: Contact) -> Toll:
    """What the standstill did to the prompts of these studies. Reads all of theirs, once or twice
    an alarm.
    """
    since = alarm.began_at
    refused = Q(state=State.FAILED, reason=Prompt.Reason.MAIL_REFUSED)
    counts = Prompt.objects.filter(enrolment__study__in=contact.studies).aggregate(
        late=Count("pk", filter=Q(sent_at__gte=since, sent_at__gt=F("due_at") + LATE)),
        lost=Count("pk", filter=(Q(state=State.MISSED) | refused) & Q(settled_at__gte=since)),
        unsure=Count("pk", filter=Q(state=State.UNCONFIRMED, attempted_at__gte=since)),
        waiting=Count("pk", filter=Q(state=State.PLANNED, due_at__lte=alarm.cleared_at or since)),
    )
    return Toll(**counts)


def _waiting(now: datetime) -> "QuerySet[AlarmMail]":
    return AlarmMail.objects.waiting(now).filter(made_at__gt=now - STALE)


def _tell_all(now: datetime) -> None:
    """As far as the server goes along: after one failure, the others wait for the next look."""
    for mail in _waiting(now).select_related("alarm"):
        if _claim(mail, now) and not _tell(mail, now):
            return


def _claim(mail: AlarmMail, now: datetime) -> bool:
    wait = min(max(now - mail.made_at, SOONEST), LATEST)
    mine = AlarmMail.objects.filter(pk=mail.pk, next_try_at=mail.next_try_at, sent_at__isnull=True)
    return bool(mine.update(next_try_at=now + wait))


def _tell(mail: AlarmMail, now: datetime) -> bool:
    contact = next((each for each in contacts(mail.alarm) if each.address == mail.address), None)
    if contact is None:
        # Its study was archived, or has another contact by now.
        mail.delete()
        return True
    message = _message(mail, contact, now)
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 - its own words may hold an address
        name = type(error).__name__
        logger.warning("an alarm could not be mailed, and is tried again: %s", name)
        return False
    finally:
        # Django leaves the line open on which signing in failed.
        message.get_connection().close()
    AlarmMail.objects.filter(pk=mail.pk).update(sent_at=now)
    return True


def _message(mail: AlarmMail, contact: Contact, now: datetime) -> EmailMessage:
    if mail.says == Says.RED:
        words = alarm_words.red(contact.studies, _of(contact, now), mail_health(now))
    else:
        words = alarm_words.well(contact.studies, mail.alarm, toll(mail.alarm, contact))
    return EmailMessage(
        subject=words.subject,
        body=words.text,
        to=[contact.address],
        headers={"Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=_SECONDS),
    )


def _of(contact: Contact, now: datetime) -> int:
    """How many mails of these studies are due now."""
    due = Prompt.objects.due(now).order_by()
    return due.filter(enrolment__study__in=contact.studies).count()
