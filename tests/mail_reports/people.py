"""Who was written to, and what became of it."""

from participants.models import User
from scheduling.models import Prompt
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.mail_reports.payloads import amazon, brevo, mailgun, postmark
from tests.scheduling.lives import at, row, tick, told

THURSDAY = at("2026-01-08 19:01")
HEARD = at("2026-01-08 19:45")

REPORTS = {"brevo": brevo, "mailgun": mailgun, "postmark": postmark, "ses": amazon}


def sent_to(email: str = "ann@example.org") -> Prompt:
    """The first week's mail to someone of that address, sent on Thursday."""
    person = enrolled(user=UserFactory(email=email))
    tick(MONDAY)
    tick(THURSDAY)
    prompt = row(person, "session", 1)
    assert told(prompt) == "sent"
    return prompt


def marked() -> list[str]:
    """The addresses that mail is said to come back from."""
    return list(User.objects.exclude(address_failed_at=None).values_list("email", flat=True))


def has_bounced(prompt: Prompt) -> bool:
    prompt.refresh_from_db()
    return prompt.bounced_at is not None
