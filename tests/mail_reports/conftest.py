"""Thursday evening: the first week's mail went, and three quarters of an hour later a report comes.

Models are imported where they are used: this file may be read before Django is set up.
"""

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from scheduling.models import Prompt
    from tests.mail_reports.payloads import Sender


@pytest.fixture(autouse=True)
def _later_that_evening() -> Iterator[None]:
    from tests.mail_reports.people import HEARD

    with time_machine.travel(HEARD, tick=False):
        yield


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line of every log, as it would be written: Django's own do not pass on to the root."""
    lines: list[str] = []

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Lines()
    logs = [logging.getLogger(name) for name in ("", "django")]
    for log in logs:
        log.addHandler(handler)
    yield lines
    for log in logs:
        log.removeHandler(handler)


@pytest.fixture
def reported_by(settings) -> "Callable[[str], Sender]":
    """`reported_by("postmark")`: from now on that one reports to us."""
    from tests.mail_reports.payloads import KEY, LOGIN, Amazon, Mailgun, Sender

    def choose(provider: str) -> Sender:
        settings.MAIL_EVENTS_FROM = provider
        if provider == "mailgun":
            settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
            return Mailgun()
        settings.ANYMAIL = {"WEBHOOK_SECRET": LOGIN}
        return Amazon() if provider == "ses" else Sender(provider, LOGIN)

    return choose


@pytest.fixture
def prompt(db: None, mailoutbox) -> "Prompt":
    from tests.mail_reports.people import sent_to
    from tests.services.beginnings import beginning

    return beginning(sent_to)
