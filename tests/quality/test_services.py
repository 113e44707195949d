"""The neighbours that the tests lean on are real, and misbehave as told."""

import smtplib
import socket
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine

from tests.services.redis import RedisServer
from tests.services.smtp import SmtpSink


def _message() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "course@example.org"
    message["To"] = "ann@example.org"
    message["Subject"] = "Your Thursday session – week 1"
    message.set_content("Grüße.\n.\nA line of one dot stands above.\n")
    message.add_alternative("<p>Grüße.</p>", subtype="html")
    return message


def test_redis_is_empty_and_answers(redis_server: RedisServer) -> None:
    with redis_server.client() as client:
        assert client.dbsize() == 0
        client.set("left", "over")


def test_redis_can_be_down_and_come_back(redis_server: RedisServer) -> None:
    redis_server.stop()
    assert not redis_server.is_running()
    redis_server.start()
    assert redis_server.is_running()


def test_the_sink_keeps_envelope_and_words(smtp_sink: SmtpSink) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as client:
        client.login("user", "password")
        client.send_message(_message())
    (received,) = smtp_sink.wait_for(1)
    assert (received.mail_from, received.rcpt_tos) == ("course@example.org", ["ann@example.org"])
    assert received.message["Subject"] == "Your Thursday session – week 1"
    assert received.text() == "Grüße.\n.\nA line of one dot stands above.\n"
    assert received.text("html") == "<p>Grüße.</p>\n"


def test_a_kept_connection_is_counted_once(smtp_sink: SmtpSink) -> None:
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as client:
        for _ in range(25):
            client.send_message(_message())
    assert len(smtp_sink.to("ann@example.org")) == 25
    assert smtp_sink.connections == 1


@pytest.mark.parametrize("phase", ["MAIL", "RCPT", "DATA", "DOT"])
def test_the_sink_refuses_at_each_phase_once(smtp_sink: SmtpSink, phase: str) -> None:
    smtp_sink.answer(phase, "452 4.2.2 Mailbox full", times=1)
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as client:
        with pytest.raises(smtplib.SMTPException, match="Mailbox full"):
            client.send_message(_message())
        assert smtp_sink.received == []
        client.rset()
        client.send_message(_message())
    assert len(smtp_sink.received) == 1


def test_the_sink_refuses_one_address(smtp_sink: SmtpSink) -> None:
    smtp_sink.answer("RCPT", "550 5.1.1 Nobody here", to="bob@example.org")
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as client:
        refused = client.send_message(_message(), to_addrs=["ann@example.org", "bob@example.org"])
    assert refused == {"bob@example.org": (550, b"5.1.1 Nobody here")}
    assert smtp_sink.received[0].rcpt_tos == ["ann@example.org"]


def test_the_sink_asks_no_rule_about_one_who_is_named_after_a_refused_sender(
    smtp_sink: SmtpSink,
) -> None:
    smtp_sink.answer("MAIL", "451 4.1.8 Who are you?", times=1)
    smtp_sink.answer("RCPT", "550 5.1.1 Nobody here", times=1)
    with smtplib.SMTP("127.0.0.1", smtp_sink.port) as client:
        client.ehlo()
        client.send("MAIL FROM:<us@example.org>\r\nRCPT TO:<ann@example.org>\r\n")
        assert [client.getreply()[0], client.getreply()[0]] == [451, 503]
        client.mail("us@example.org")
        assert client.rcpt("ann@example.org") == (550, b"5.1.1 Nobody here")


def test_the_sink_refuses_a_password(smtp_sink: SmtpSink) -> None:
    smtp_sink.answer("AUTH", "535 5.7.8 Wrong password")
    client = smtplib.SMTP("127.0.0.1", smtp_sink.port)
    with client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login("user", "password")


@pytest.mark.parametrize("phase", ["CONNECT", "EHLO"])
def test_the_sink_greets_with_a_refusal(smtp_sink: SmtpSink, phase: str) -> None:
    smtp_sink.answer(phase, "421 4.3.2 Closing down")
    with pytest.raises((smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected)):
        smtplib.SMTP("127.0.0.1", smtp_sink.port).ehlo_or_helo_if_needed()


@pytest.mark.parametrize(("phase", "kept"), [("MAIL", 0), ("RCPT", 0), ("DATA", 0), ("DOT", 1)])
def test_the_sink_hangs_up(smtp_sink: SmtpSink, phase: str, kept: int) -> None:
    smtp_sink.drop(phase)
    client = smtplib.SMTP("127.0.0.1", smtp_sink.port)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.send_message(_message())
    client.close()
    assert len(smtp_sink.received) == kept


def test_a_stopped_sink_refuses_connections_and_comes_back_on_its_port(smtp_sink: SmtpSink) -> None:
    smtp_sink.stop()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", smtp_sink.port)
    smtp_sink.start()
    smtplib.SMTP("127.0.0.1", smtp_sink.port).quit()


def test_the_sink_lives_by_the_clock_of_the_test(smtp_sink: SmtpSink) -> None:
    start = datetime(2026, 3, 19, 9, 0, tzinfo=UTC)
    with (
        time_machine.travel(start, tick=True) as clock,
        smtplib.SMTP("127.0.0.1", smtp_sink.port) as client,
    ):
        for week in range(4):
            clock.move_to(start + timedelta(weeks=week))
            client.send_message(_message())
    days = [received.at.date() - start.date() for received in smtp_sink.received]
    assert days == [timedelta(days=0), timedelta(days=7), timedelta(days=14), timedelta(days=21)]
    assert smtp_sink.connections == 1


def test_redis_lives_through_a_moved_clock(redis_server: RedisServer) -> None:
    with time_machine.travel(datetime(2026, 3, 19, 9, 0, tzinfo=UTC), tick=False):
        redis_server.stop()
        redis_server.start()
        assert redis_server.is_running()


def test_no_other_machine_can_be_reached() -> None:
    with socket.socket() as outside, pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
