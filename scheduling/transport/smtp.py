"""A thin SMTP client: one connection kept for many messages, each failure with its phase.

The final dot is written apart from the message. What fails before it was surely not taken, and may
be sent again; what fails after it may have been, and may not. Where the server takes commands
without having answered the one before (RFC 2920), MAIL, RCPT and DATA go at once; each answer still
belongs to its own. Nothing ever goes ahead of the answer to DATA, nor to the final dot.
"""

import io
import logging
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scheduling.transport.base import Envelope, Lost, Phase, Refused

logger = logging.getLogger(__name__)

# RFC 5321, 4.2.1: the first digit of an answer is what counts.
OK = 2
GO_ON = 3
_NO = frozenset({4, 5})
_CLOSING = 421
# Of a mail's time: what is left for the answer to the dot, however long all before it took.
_FOR_THE_ANSWER = 0.25

# What is said, in which phase, and how an answer begins that means yes.
Line = tuple[Phase, str, int]


@dataclass(frozen=True, kw_only=True)
class Server:
    """`timeout` in seconds is for a whole mail, a new connection included; `us` is how we name
    ourselves in EHLO.
    """

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
        self._until = 0.0

    def probe(self, sender: str) -> None:
        """Sign in and name the sender, without a message."""
        self._allow(self._server.timeout)
        try:
            self._begin([_mail(sender)])
        finally:
            self._reset()

    def send(self, envelope: Envelope) -> None:
        lines: list[Line] = [
            _mail(envelope.sender),
            (Phase.RCPT, f"RCPT TO:<{_safe(envelope.recipient)}>", OK),
            (Phase.DATA, "DATA", GO_ON),
        ]
        answer = self._server.timeout * _FOR_THE_ANSWER
        self._allow(self._server.timeout - answer)
        try:
            self._begin(lines)
            with self._phase(Phase.BODY):
                self._connected().send(stuffed(envelope.data))
            self._until += answer
            self._say([(Phase.DOT, ".", OK)])
        except Refused:
            self._reset()
            raise

    def close(self) -> None:
        if self._client is not None:
            self._allow(self._server.timeout)
            try:
                self._client.quit()
            except (smtplib.SMTPException, OSError):
                logger.debug("the mail server was gone before we said goodbye")
            self._drop()

    def _begin(self, lines: list[Line]) -> None:
        """A kept connection may have been closed meanwhile: then once on a new one."""
        kept = self._client is not None
        try:
            self._say_connected(lines)
        except (Lost, Refused) as error:
            was_closed = isinstance(error, Lost) or error.code == _CLOSING
            if not (kept and was_closed and error.phase == Phase.MAIL):
                raise
            self._drop()
            self._say_connected(lines)

    def _say_connected(self, lines: list[Line]) -> None:
        if self._client is None:
            self._open()
        self._say(lines)

    def _open(self) -> None:
        with self._phase(Phase.CONNECT):
            self._client = self._connect()
            self._listen()
        with self._phase(Phase.EHLO):
            self._connected().ehlo_or_helo_if_needed()
        if self._server.starttls:
            with self._phase(Phase.TLS):
                self._connected().starttls(context=ssl.create_default_context())
                self._listen()
                self._connected().ehlo_or_helo_if_needed()
        if self._server.user:
            with self._phase(Phase.AUTH):
                self._connected().login(self._server.user, self._server.password)

    def _listen(self) -> None:
        client = self._connected()
        if client.sock is not None:
            # The body and its dot are two writes; without this the second would wait for an answer.
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.file = _Lines(_Timed(client.sock, self._left))

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.ssl:
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=server.us,
                timeout=self._left(),
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(
            server.host, server.port, local_hostname=server.us, timeout=self._left()
        )

    def _say(self, lines: list[Line]) -> None:
        """At once or one by one. The first answer that is no yes is raised, with its phase."""
        ahead = len(lines) > 1 and self._connected().has_extn("pipelining")
        if ahead:
            with self._phase(lines[0][0]):
                self._connected().send("".join(f"{command}\r\n" for _phase, command, _ok in lines))
        for number, (phase, command, wanted) in enumerate(lines, start=1):
            with self._phase(phase):
                if not ahead:
                    self._connected().putcmd(command)
                code, answer = self._connected().getreply()
                if code // 100 == wanted:
                    continue
                if code // 100 not in _NO:
                    raise smtplib.SMTPServerDisconnected  # what it means nobody knows
                if ahead:
                    self._hear_out(len(lines) - number)
                raise Refused(phase, code, answer)

    def _hear_out(self, count: int) -> None:
        """The answers to what was said already. After one that asks for the text whatever we said
        would be taken for it, so we hang up instead (RFC 2920, 3.1).
        """
        try:
            answers = [self._connected().getreply()[0] for _each in range(count)]
        except (smtplib.SMTPException, OSError):
            self._drop()
        else:
            if any(code // 100 == GO_ON for code in answers):
                self._drop()

    @contextmanager
    def _phase(self, phase: Phase) -> Iterator[None]:
        """Whatever smtplib or the network raises becomes ours, with the phase it came in."""
        try:
            if self._client is not None and self._client.sock is not None:
                self._client.sock.settimeout(self._left())
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

    def _allow(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def _left(self) -> float:
        """Seconds; raises `TimeoutError` when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

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


class _Lines(io.BufferedReader):
    """Whole ones: of an answer that breaks off nobody knows how it would have ended."""

    def readline(self, size: int | None = -1) -> bytes:
        line = super().readline(size)
        return line if line.endswith(b"\n") else b""


class _Timed(io.RawIOBase):
    """What the server says, for as long as there is time: an answer may come in many pieces."""

    def __init__(self, sock: socket.socket, left: Callable[[], float]) -> None:
        self._sock = sock
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._left())
        return self._sock.recv_into(buffer)


def _mail(sender: str) -> Line:
    return (Phase.MAIL, f"MAIL FROM:<{sender}>", OK)


def stuffed(data: bytes) -> bytes:
    """RFC 5321, 4.5.2: a dot that begins a line is doubled; the last line is complete."""
    doubled = re.sub(rb"(?m)^\.", b"..", data)
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def _safe(address: str) -> str:
    """Nothing that would end the command, nor letters that it cannot carry: that is no address."""
    if not address.isascii() or any(character in address for character in "\r\n<> "):
        raise Refused(Phase.RCPT, 553, b"5.1.3")
    return address


def _as_bytes(answer: bytes | str) -> bytes:
    return answer.encode(errors="replace") if isinstance(answer, str) else answer
