"""The mail: letting what is due be sent, and reading what came."""

import re
from typing import Any

from django.core import mail
from django.utils import timezone

from scheduling import delivery, housekeeping


def deliver() -> None:
    """Send what is due at this moment, and put in order what the sending leaves."""
    delivery.run(clock=timezone.now)
    housekeeping.tidy(now=timezone.now())


def newest_mail(to: str, subject: str = "") -> Any:
    """The newest to this address whose subject contains `subject`."""
    found = [each for each in mail.outbox if each.to == [to] and subject in each.subject]
    assert found, [(each.to, each.subject) for each in mail.outbox]
    return found[-1]


def subjects(to: str) -> list[str]:
    """Of all mail to this address, oldest first."""
    return [each.subject for each in mail.outbox if each.to == [to]]


def code_for(to: str) -> str:
    found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", newest_mail(to).body, re.MULTILINE)
    assert found, newest_mail(to).body
    return found.group()


def link_for(to: str, subject: str = "") -> str:
    """The one link of a mail that opens the weeks."""
    found = re.search(r"https?://\S+/go/\S+", newest_mail(to, subject).body)
    assert found, newest_mail(to, subject).body
    return found.group()


def stop_link_for(to: str) -> str:
    """The link of a mail that stops the mails."""
    found = re.search(r"https?://\S+/emails/stop/\S+", newest_mail(to).body)
    assert found, newest_mail(to).body
    return found.group()
