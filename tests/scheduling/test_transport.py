"""The ways out: SMTP in its finer points, files, memory, and what is none of them."""

import signal
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from types import FrameType

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection, send_mail
from pytest_django.fixtures import Settings

from scheduling.transport import Lost, Phase, Refused, open_transport
from scheduling.transport.smtp import stuffed
from tests.scheduling.scripted import OFFERS, Scripted, envelope
from tests.services.smtp import SmtpSink


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


@pytest.mark.parametrize("answer", ["500 5.5.1 What?", "421 4.3.2 Enough"])
def test_where_the_server_does_not_start_over_the_next_mail_goes_on_a_new_line(
    mail_over_smtp: SmtpSink, answer: str
) -> None:
    mail_over_smtp.answer("RCPT", "451 4.7.1 Later", times=1)
    mail_over_smtp.answer("RSET", answer, times=1)
    with open_transport() as transport:
        with pytest.raises(Refused):
            transport.send(envelope())
        transport.send(envelope())
    assert (len(mail_over_smtp.received), mail_over_smtp.connections) == (1, 2)


class Enough(Exception):
    """Raised by a signal, as a time limit would."""


def enough(_signal: int, _frame: FrameType | None) -> None:
    raise Enough


def test_after_a_fault_of_ours_the_next_mail_goes_on_a_new_line(mail_over_smtp: SmtpSink) -> None:
    """The answer that was not waited for would be taken for an answer to the next."""
    mail_over_smtp.delay("DOT", 0.6, times=1)
    before = signal.signal(signal.SIGALRM, enough)
    try:
        with open_transport() as transport:
            transport.probe("us@example.org")
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(Enough):
                transport.send(envelope())
            mail_over_smtp.answer("RCPT", "550 5.1.1 Nobody", to="bob@example.org")
            with pytest.raises(Refused) as refused:
                transport.send(envelope("bob@example.org"))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert (refused.value.phase, mail_over_smtp.connections) == (Phase.RCPT, 2)


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_line_lost_within_the_text_is_told_as_that(
    mail_over_smtp: SmtpSink, pipelining: bool
) -> None:
    """A text so long that the loss is seen before its dot is said. Of a short one both are on their
    way before anything is seen, and nobody knows.
    """
    mail_over_smtp.pipelining = pipelining
    mail_over_smtp.drop("BODY")
    with open_transport() as transport:
        for data, phases in ((b"x" * 16_000_000, {Phase.BODY}), (b"x", {Phase.BODY, Phase.DOT})):
            with pytest.raises(Lost) as lost:
                transport.send(envelope(data=data))
            assert lost.value.phase in phases
    assert mail_over_smtp.received == []


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("phase", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"])
def test_a_lost_line_is_told_with_its_phase(
    mail_over_smtp: SmtpSink, phase: str, pipelining: bool
) -> None:
    mail_over_smtp.pipelining = pipelining
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


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_refusal_is_told_with_its_phase_and_the_next_mail_goes_on_that_line(
    mail_over_smtp: SmtpSink, phase: str, pipelining: bool
) -> None:
    mail_over_smtp.pipelining = pipelining
    mail_over_smtp.answer(phase, "550 5.7.1 No", times=1)
    with open_transport() as transport:
        with pytest.raises(Refused) as refused:
            transport.send(envelope())
        assert (refused.value.phase, refused.value.code) == (Phase[phase], 550)
        assert mail_over_smtp.received == []
        transport.send(envelope("bob@example.org"))
    assert [each.rcpt_tos for each in mail_over_smtp.received] == [["bob@example.org"]]
    assert mail_over_smtp.connections == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_kept_line_that_was_closed_is_opened_anew(
    mail_over_smtp: SmtpSink, pipelining: bool
) -> None:
    mail_over_smtp.pipelining = pipelining
    with open_transport() as transport:
        transport.send(envelope())
        mail_over_smtp.answer("MAIL", "421 4.4.2 You were long silent", times=1)
        transport.send(envelope())
    assert (len(mail_over_smtp.received), mail_over_smtp.connections) == (2, 2)


def test_what_the_server_takes_at_once_is_said_at_once() -> None:
    with Scripted(OFFERS, b"250 ok\r\n250 ok\r\n354 go\r\n", b"250 taken\r\n") as server:
        server.send()
        heard = server.heard()
    assert heard[1] == (b"MAIL FROM:<us@example.org>\r\nRCPT TO:<ann@example.org>\r\nDATA\r\n")
    # The text and its dot too: three writes a mail would wake the server once more.
    assert heard[2:] == [b"Subject: Hello\r\n\r\n..\r\n...two\r\nend\r\n.\r\n"]


@pytest.mark.parametrize(
    ("answers", "phase"),
    [
        (b"550 no\r\n503 no\r\n354 go\r\n", Phase.MAIL),
        (b"250 ok\r\n550 5.1.1 no\r\n354 go\r\n", Phase.RCPT),
    ],
)
def test_a_text_that_is_asked_for_in_spite_of_a_refusal_is_never_sent(
    answers: bytes, phase: Phase
) -> None:
    with Scripted(OFFERS, answers) as server:
        with pytest.raises(Refused) as refused:
            server.send()
        heard = server.heard()
    assert (refused.value.phase, refused.value.code) == (phase, 550)
    assert len(heard) == 2
    assert heard[1].endswith(b"DATA\r\n")


@pytest.mark.parametrize(
    ("answers", "phase"),
    [
        (b"", Phase.MAIL),
        (b"250 ok\r\n", Phase.RCPT),
        (b"250 ok\r\n250 o", Phase.RCPT),
        (b"250 ok\r\n250 ok\r\n", Phase.DATA),
    ],
)
def test_each_answer_to_what_was_said_at_once_belongs_to_its_own_phase(
    answers: bytes, phase: Phase
) -> None:
    with Scripted(OFFERS, answers, hang_up=True) as server, pytest.raises(Lost) as lost:
        server.send()
    assert lost.value.phase == phase


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"2",
        b"25",
        b"250 tak",
        b"what?\r\n",
        b"25\r\n",
        b"354 \r\n",
        b"2500 x\r\n",
        b"-250 x\r\n",
        b"+250 x\r\n",
        b" 250 x\r\n",
        b"250-\r\n",
        b"250-a\r\nb\r\n",
        b"500 " + b"x" * 8187 + b"\r\n",
        b"\xb2\xb5\xb0 ok\r\n",
    ],
)
def test_an_answer_to_the_dot_that_nobody_understands_is_none(answer: bytes) -> None:
    begun = b"250 ok\r\n250 ok\r\n354 go\r\n"
    with Scripted(OFFERS, begun, b"", answer, hang_up=True) as server:
        with pytest.raises(Lost) as lost:
            server.send()
        assert lost.value.phase == Phase.DOT


@pytest.mark.parametrize(
    "answer", [b"250 ok\r\n", b"250\r\n", b"252 perhaps\r\n", b"250-a\r\n250 b\r\n"]
)
def test_any_yes_to_the_dot_is_a_yes(answer: bytes) -> None:
    with Scripted(OFFERS, b"250 ok\r\n250 ok\r\n354 go\r\n", b"", answer) as server:
        server.send()
