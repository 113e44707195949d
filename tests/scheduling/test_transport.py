"""The ways out: SMTP in its finer points, files, memory, and what is none of them."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection, send_mail
from pytest_django.fixtures import Settings

from scheduling.transport import Envelope, Lost, Phase, Refused, open_transport
from scheduling.transport.smtp import stuffed
from tests.services.smtp import SmtpSink

LETTER = b"Subject: Hello\r\n\r\n.\r\n..two\r\nend\r\n"


def envelope(to: str = "ann@example.org", data: bytes = LETTER) -> Envelope:
    return Envelope(sender="us@example.org", recipient=to, data=data)


def test_lines_that_begin_with_a_dot_arrive_as_they_were(mail_over_smtp: SmtpSink) -> None:
    with open_transport() as transport:
        transport.send(envelope())
    assert mail_over_smtp.received[0].message.get_content() == ".\r\n..two\r\nend\r\n"


def test_the_last_line_is_always_complete() -> None:
    assert stuffed(b"a") == b"a\r\n"
    assert stuffed(b".a\r\n") == b"..a\r\n"


@pytest.mark.parametrize("address", ["ann@example.org>\r\nDATA", "grüße@example.org"])
def test_an_address_that_the_command_cannot_carry_is_refused_unsent(
    mail_over_smtp: SmtpSink, address: str
) -> None:
    with open_transport() as transport:
        with pytest.raises(Refused) as refused:
            transport.send(envelope(address))
        assert (refused.value.phase, refused.value.is_about_the_address) == (Phase.RCPT, True)
        transport.send(envelope())
    assert len(mail_over_smtp.received) == 1


def test_a_mail_after_a_refused_one_goes_on_the_same_connection(mail_over_smtp: SmtpSink) -> None:
    mail_over_smtp.answer("DATA", "451 4.3.0 Later", times=1)
    with open_transport() as transport:
        with pytest.raises(Refused):
            transport.send(envelope())
        transport.send(envelope())
    assert mail_over_smtp.connections == 1


@pytest.mark.parametrize("phase", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
def test_a_lost_line_is_told_with_its_phase(mail_over_smtp: SmtpSink, phase: str) -> None:
    mail_over_smtp.drop(phase)
    with open_transport() as transport, pytest.raises((Lost, Refused)) as failure:
        transport.send(envelope())
    assert failure.value.phase in {Phase[phase], Phase[phase] - 1}
    assert (failure.value.phase == Phase.DOT) is (phase == "DOT")


def test_what_is_told_holds_no_word_of_the_server(mail_over_smtp: SmtpSink) -> None:
    mail_over_smtp.answer("RCPT", "550 5.1.1 <ann@example.org> is unknown")
    with open_transport() as transport, pytest.raises(Refused) as refused:
        transport.send(envelope())
    assert str(refused.value) == "RCPT 550 5.1.1"


def test_files_are_whole_messages_in_the_order_of_their_names(
    settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "scheduling.transport.files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    with open_transport() as transport:
        transport.probe("us@example.org")
        transport.send(envelope())
    send_mail("Your code", "123456", "us@example.org", ["ann@example.org"])
    files = sorted((tmp_path / "mail").iterdir())
    messages = [message_from_bytes(each.read_bytes(), policy=default) for each in files]
    assert [each["Subject"] for each in messages] == ["Hello", "Your code"]
    assert all(each.suffix == ".eml" for each in files)


def test_a_folder_that_cannot_be_written_stops_the_sender_not_the_mail(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "mail").write_text("a file, not a folder")
    settings.EMAIL_BACKEND = "scheduling.transport.files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    with open_transport() as transport, pytest.raises(Lost) as lost:
        transport.send(envelope())
    assert lost.value.phase.is_about_us


def test_memory_keeps_prompts_beside_what_django_sends(mailoutbox: list[EmailMessage]) -> None:
    with open_transport() as transport:
        transport.send(envelope())
    get_connection().send_messages([EmailMessage("Code", "1", to=["bob@example.org"])])
    assert [(each.subject, each.to) for each in mailoutbox] == [
        ("Hello", ["ann@example.org"]),
        ("Code", ["bob@example.org"]),
    ]


def test_a_backend_that_cannot_say_its_phase_is_refused_with_a_sentence(
    settings: Settings,
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(ImproperlyConfigured, match="Set EMAIL_URL to smtp://"), open_transport():
        pass
