"""Mail that is sent within a request, such as a sign-in code, holds it up for no longer than this."""

from time import monotonic

import pytest
from django.conf import settings as configured
from django.core.mail import send_mail
from pytest_django.fixtures import Settings

from tests.services.smtp import Phase, SmtpSink


def test_a_mail_server_has_twenty_seconds_to_answer() -> None:
    assert configured.EMAIL_TIMEOUT == 20


@pytest.mark.slow
@pytest.mark.parametrize("phase", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
def test_a_mail_server_that_hangs_is_left_once_its_time_is_over(
    mail_over_smtp: SmtpSink, settings: Settings, phase: Phase
) -> None:
    """Once, not at each step of the conversation, nor at hanging up."""
    settings.EMAIL_TIMEOUT = 0.5
    mail_over_smtp.delay(phase, 3)
    began = monotonic()
    with pytest.raises(OSError):  # noqa: PT011 - as smtplib and the socket have it
        send_mail("Your code", "123", None, ["ann@example.org"])
    assert monotonic() - began < 1.5
