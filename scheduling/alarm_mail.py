"""Handing what is to be told of an alarm to the mail server: straight away, never as a prompt.

By the same transport as the prompts, which says in which phase something went wrong: a mail whose
answer to the final dot is missing may have arrived, and is not sent again.
"""

import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.message import utf8_charset_qp
from django.db.models import QuerySet
from django.utils.encoding import punycode

from scheduling import alarm_words
from scheduling.alarm_words import Words
from scheduling.concerned import Contact, contacts, toll
from scheduling.models import AlarmMail, Prompt
from scheduling.transport import Envelope, Lost, Phase, Transport, TransportError, open_transport
from scheduling.watch import mail_health

logger = logging.getLogger(__name__)

# Tried again after as long as it has waited, within these.
SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=1)
# What could not be told for so long is no news.
STALE = timedelta(days=1)
# No further mail is begun after this; the one in hand has EMAIL_TIMEOUT in all its phases.
_SECONDS = 15


def waiting(now: datetime) -> "QuerySet[AlarmMail]":
    return AlarmMail.objects.waiting(now).filter(made_at__gt=now - STALE)


def tell_all(now: datetime) -> None:
    """As far as the server goes along: after one failure, the others wait for the next look."""
    until = monotonic() + _SECONDS
    mails = list(waiting(now).select_related("alarm"))
    if not mails:
        return
    with open_transport() as transport:
        for mail in mails:
            if monotonic() > until or (_claim(mail, now) and not _tell(mail, transport, now)):
                return


def _claim(mail: AlarmMail, now: datetime) -> bool:
    wait = min(max(now - mail.made_at, SOONEST), LATEST)
    mine = AlarmMail.objects.filter(pk=mail.pk, next_try_at=mail.next_try_at, sent_at__isnull=True)
    return bool(mine.update(next_try_at=now + wait))


def _tell(mail: AlarmMail, transport: Transport, now: datetime) -> bool:
    """Whether the server goes along."""
    contact = next((each for each in contacts(mail.alarm) if each.address == mail.address), None)
    if contact is None:
        # Its study was archived, or has another contact by now.
        mail.delete()
        return True
    try:
        transport.send(_envelope(contact.address, _words(mail, contact, now)))
    except TransportError as error:
        logger.warning("an alarm was not taken: %s", error.summary)
        if isinstance(error, Lost) and error.phase == Phase.DOT:
            _note_told(mail, now)
        return False
    _note_told(mail, now)
    return True


def _note_told(mail: AlarmMail, now: datetime) -> None:
    AlarmMail.objects.filter(pk=mail.pk).update(sent_at=now)


def _words(mail: AlarmMail, contact: Contact, now: datetime) -> Words:
    if mail.says == AlarmMail.Says.RED:
        return alarm_words.red(contact.studies, _due_of(contact, now), mail_health(now))
    return alarm_words.well(contact.studies, mail.alarm, toll(mail.alarm, contact))


def _due_of(contact: Contact, now: datetime) -> int:
    """How many mails of these studies are due now."""
    due = Prompt.objects.due(now).order_by()
    return due.filter(enrolment__study__in=contact.studies).count()


def _envelope(address: str, words: Words) -> Envelope:
    """In quoted-printable, so that no server need carry eight bits."""
    message = EmailMessage(
        subject=words.subject,
        body=words.text,
        from_email=settings.EMAIL_FROM,
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.encoding = utf8_charset_qp
    name, _at, domain = address.rpartition("@")
    return Envelope(
        sender=parseaddr(settings.EMAIL_FROM)[1],
        recipient=f"{name}@{punycode(domain)}",
        data=message.message().as_bytes(linesep="\r\n"),
    )
