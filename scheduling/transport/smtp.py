"""A thin SMTP client: one connection kept for many messages, each failure with its phase.

The final dot is written apart from the message. What fails before it was surely not taken, and may
be sent again; what fails after it may have been, and may not.
"""

import logging
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from scheduling.transport.base import Envelope, Lost, Phase, Refused

logger = logging.getLogger(__name__)

OK = frozenset({250, 251})
GO_ON = frozenset({354})
_CLOSING = 421
_READY = 220


@dataclass(frozen=True, kw_only=True)
class Server:
    """`timeout` in seconds holds for every answer; `us` is how we name ourselves in EHLO."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    ssl: bool = False
    timeout: float = 20.0
    us: str = "localhost"


class SmtpTransport:
    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None

    def probe(self, sender: str) -> None:
        """Sign in and name the sender, without a message."""
        self._begin(sender)
        self._reset()

    def send(self, envelope: Envelope) -> None:
        self._begin(envelope.sender)
        try:
            self._say(Phase.RCPT, f"RCPT TO:<{_safe(envelope.recipient)}>", OK)
            self._say(Phase.DATA, "DATA", GO_ON)
            with self._phase(Phase.BODY):
                self._connected().send(stuffed(envelope.data))
            self._say(Phase.DOT, ".", OK)
        except Refused:
            self._reset()
            raise

    def close(self) -> None:
        if self._client is not None:
            try:
                self._client.quit()
            except (smtplib.SMTPException, OSError):
                logger.debug("the mail server was gone before we said goodbye")
            self._drop()

    def _begin(self, sender: str) -> None:
        """MAIL FROM. A kept connection may have been closed meanwhile: then once on a new one."""
        kept = self._client is not None
        try:
            self._mail(sender)
        except (Lost, Refused) as error:
            if not kept or (isinstance(error, Refused) and error.code != _CLOSING):
                if isinstance(error, Refused):
                    self._reset()
                raise
            self._drop()
            self._mail(sender)

    def _mail(self, sender: str) -> None:
        if self._client is None:
            self._open()
        self._say(Phase.MAIL, f"MAIL FROM:<{sender}>", OK)

    def _open(self) -> None:
        with self._phase(Phase.CONNECT):
            self._client = self._connect()
            sock = self._connected().sock
            # The body and its dot are two writes; without this the second would wait for an answer.
            if sock is not None:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._phase(Phase.EHLO):
            self._connected().ehlo_or_helo_if_needed()
        if self._server.starttls:
            with self._phase(Phase.TLS):
                self._connected().starttls(context=ssl.create_default_context())
                self._connected().ehlo_or_helo_if_needed()
        if self._server.user:
            with self._phase(Phase.AUTH):
                self._connected().login(self._server.user, self._server.password)

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.ssl:
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=server.us,
                timeout=server.timeout,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(
            server.host, server.port, local_hostname=server.us, timeout=server.timeout
        )

    def _say(self, phase: Phase, command: str, wanted: frozenset[int]) -> None:
        with self._phase(phase):
            code, answer = self._connected().docmd(command)
            if code not in wanted:
                raise Refused(phase, code, answer)

    @contextmanager
    def _phase(self, phase: Phase) -> Iterator[None]:
        """Whatever smtplib or the network raises becomes ours, with the phase it came in."""
        try:
            yield
        except smtplib.SMTPServerDisconnected as error:
            self._drop()
            raise Lost(phase) from error
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise Refused(phase, error.smtp_code, _as_bytes(error.smtp_error)) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Lost(phase) from error

    def _reset(self) -> None:
        """After a refusal the conversation starts over; if it cannot, on a new connection."""
        if self._client is not None:
            try:
                self._client.rset()
            except (smtplib.SMTPException, OSError):
                self._drop()

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            msg = "no connection"
            raise smtplib.SMTPServerDisconnected(msg)
        return self._client

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


def stuffed(data: bytes) -> bytes:
    """RFC 5321, 4.5.2: a dot that begins a line is doubled; the last line is complete."""
    doubled = re.sub(rb"(?m)^\.", b"..", data)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def _safe(address: str) -> str:
    """Nothing that would end the command, nor letters that it cannot carry."""
    if not address.isascii() or any(character in address for character in "\r\n<> "):
        raise Refused(Phase.RCPT, 553, b"5.1.3")
    return address


def _as_bytes(answer: bytes | str) -> bytes:
    return answer.encode(errors="replace") if isinstance(answer, str) else answer
