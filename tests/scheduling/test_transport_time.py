"""A mail has its time, and no server can make it longer; nor can saying goodbye."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import pytest
from pytest_django.fixtures import Settings

from scheduling.transport import Lost, Phase, open_transport, smtp
from scheduling.transport.line import Deadline, Line, Server
from scheduling.transport.smtp import SmtpTransport
from tests.scheduling.scripted import OFFERS, Scripted, answering, envelope, within
from tests.services.smtp import SmtpSink

TAKEN = (OFFERS, b"250 ok\r\n250 ok\r\n354 go\r\n", b"", b"250 taken\r\n")
Address = tuple[str, int]


@pytest.fixture
def deaf() -> Iterator[Address]:
    """Where nobody takes a call: the few that may wait to be taken wait already."""
    with ExitStack() as open_calls:
        listener = open_calls.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _each in range(4):
            call = open_calls.enter_context(socket.socket())
            call.setblocking(False)
            with suppress(BlockingIOError):
                call.connect(listener.getsockname())
        yield listener.getsockname()


def known_as(monkeypatch: pytest.MonkeyPatch, *addresses: Address) -> None:
    """The mail server's name leads to these, in this order."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each) for each in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)


def server(timeout: float, **given: bool) -> Server:
    return Server(host="mail.example.org", port=25, timeout=timeout, **given)


def test_a_name_with_many_addresses_gets_no_more_time(
    monkeypatch: pytest.MonkeyPatch, deaf: Address
) -> None:
    known_as(monkeypatch, *[deaf] * 4)
    with within(0.75), closing(SmtpTransport(server(1.0))) as out:
        with pytest.raises(Lost) as lost:
            out.send(envelope())
        assert lost.value.phase == Phase.CONNECT


def test_an_address_that_swallows_calls_leaves_time_for_the_next(
    monkeypatch: pytest.MonkeyPatch, deaf: Address, smtp_sink: SmtpSink
) -> None:
    known_as(monkeypatch, deaf, ("127.0.0.1", smtp_sink.port))
    with closing(SmtpTransport(server(2.0))) as out:
        out.send(envelope())
    assert len(smtp_sink.received) == 1


def test_an_address_that_refuses_is_passed_by(
    monkeypatch: pytest.MonkeyPatch, smtp_sink: SmtpSink
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()
    known_as(monkeypatch, nobody, ("127.0.0.1", smtp_sink.port), nobody)
    with closing(SmtpTransport(server(2.0))) as out:
        out.send(envelope())
    assert len(smtp_sink.received) == 1


@pytest.mark.parametrize(
    ("greeting", "answers", "phase"),
    [
        (b"220-" + b"x" * 200, (), Phase.CONNECT),
        (b"220 \r\n", (b"250-" + b"x" * 200,), Phase.EHLO),
        (b"220 \r\n", (b"250 \r\n", b"250 " + b"x" * 200), Phase.MAIL),
    ],
)
def test_the_time_is_for_the_whole_mail_however_slowly_a_server_speaks(
    greeting: bytes, answers: tuple[bytes, ...], phase: Phase
) -> None:
    with Scripted(*answers, greeting=greeting, drip=0.03) as slow:
        with within(0.75), pytest.raises(Lost) as lost:
            slow.send(timeout=1.0)
        assert lost.value.phase == phase


@pytest.mark.parametrize("said", [b"", b"\x16\x03\x03\x40\x00" + b"\x02" * 100])
def test_neither_does_tls_that_never_comes_about_take_longer(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    with Scripted(greeting=said, drip=0.03) as slow:
        known_as(monkeypatch, slow.address)
        with within(0.75), closing(SmtpTransport(server(1.0, ssl=True))) as out:
            with pytest.raises(Lost) as lost:
                out.send(envelope())
            assert lost.value.phase == Phase.CONNECT


def test_a_text_that_the_server_does_not_read_takes_no_longer(
    mail_over_smtp: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 1.0
    mail_over_smtp.delay("BODY", 4)
    with within(0.75), open_transport() as transport:
        with pytest.raises(Lost) as lost:
            transport.send(envelope(data=b"x" * 16_000_000))
        assert lost.value.phase == Phase.BODY


def test_a_text_that_the_server_reads_slowly_takes_no_longer() -> None:
    def talk(line: socket.socket) -> None:
        line.sendall(b"220 hello\r\n")
        for answer in (OFFERS, b"250 ok\r\n250 ok\r\n354 go\r\n"):
            line.recv(999)
            line.sendall(answer)
        while line.recv(65536):
            time.sleep(0.02)

    long = envelope(data=b"x" * 24_000_000)  # read in seven seconds
    with answering(talk) as port:
        slow = Server(host="127.0.0.1", port=port, timeout=1.0)
        with within(0.75), closing(SmtpTransport(slow)) as out:
            with pytest.raises(Lost) as lost:
                out.send(long)
            assert lost.value.phase == Phase.BODY


def test_a_line_knows_how_much_of_a_text_has_left() -> None:
    """What has not left us did not reach the server; of the rest nobody knows yet."""
    reached: list[int] = []

    def talk(line: socket.socket) -> None:
        line.sendall(b"220 hello\r\n")
        time.sleep(0.4)
        reached.extend(iter(lambda: len(line.recv(65536)), 0))

    with answering(talk) as port:
        deadline = Deadline()
        deadline.allow(0.3)
        line = Line(Server(host="127.0.0.1", port=port), deadline)
        with closing(line):
            with pytest.raises(TimeoutError):
                line.send(b"x" * 48_000_000)
            unsent = line.unsent
    assert 0 < unsent < 48_000_000
    assert sum(reached) == 48_000_000 - unsent


def test_a_text_whose_dot_has_left_is_not_sent_again(mail_over_smtp: SmtpSink) -> None:
    """However long: it is the last three bytes that count."""
    mail_over_smtp.drop("DOT", times=1)
    with open_transport() as transport, pytest.raises(Lost) as lost:
        transport.send(envelope(data=b"x\r\n" * 1_000_000))
    assert lost.value.phase == Phase.DOT
    assert len(mail_over_smtp.received) == 1


def test_a_server_slow_in_every_phase_is_left_before_the_dot(
    mail_over_smtp: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 1.0
    for phase in ("EHLO", "MAIL", "RCPT", "DATA"):
        mail_over_smtp.delay(phase, 0.3)
    with open_transport() as transport, pytest.raises(Lost) as lost:
        transport.send(envelope())
    assert Phase.EHLO < lost.value.phase < Phase.DOT
    assert mail_over_smtp.received == []


@pytest.mark.slow
def test_the_last_quarter_is_for_the_answer_to_the_dot(
    mail_over_smtp: SmtpSink, settings: Settings
) -> None:
    """Of two seconds half a one: what is not ready for its text by then is left in time."""
    settings.EMAIL_TIMEOUT = 2.0
    with open_transport() as transport:
        mail_over_smtp.delay("DATA", 1.1, times=1)
        mail_over_smtp.delay("DOT", 0.6, times=1)
        transport.send(envelope())
        mail_over_smtp.delay("DATA", 1.8, times=1)
        with pytest.raises(Lost) as lost:
            transport.send(envelope())
    assert lost.value.phase == Phase.DATA
    assert len(mail_over_smtp.received) == 1


@pytest.mark.parametrize("drip", [0.0, 0.03])
def test_a_goodbye_is_short(monkeypatch: pytest.MonkeyPatch, drip: float) -> None:
    """Whatever the server makes of it: says nothing, or takes long over it."""
    monkeypatch.setattr(smtp, "_GOODBYE", 0.3)
    answers = (*TAKEN, b"221 " + b"x" * 60) if drip else TAKEN
    with Scripted(*answers, drip=drip, waits=3) as slow:
        out = slow.transport(timeout=20)
        out.send(envelope())
        with within(0.3):
            out.close()


def test_what_a_server_says_without_end_is_not_heard_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Faster than it can be read."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        known_as(monkeypatch, listener.getsockname())

        def talk() -> None:
            with listener.accept()[0] as line, suppress(OSError):
                while True:
                    line.sendall(b"220-and\r\n" * 10_000)

        talking = threading.Thread(target=talk)
        talking.start()
        with within(0.375), pytest.raises(Lost), closing(SmtpTransport(server(0.5))) as out:
            out.send(envelope())
        talking.join()
