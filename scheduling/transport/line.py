"""One line to a mail server: smtplib's client, held to one moment in all that it does.

smtplib gives its time to each connection attempt and each read anew; a server with many addresses,
or one that speaks a byte at a time, could hold a sender for as long as it liked.
"""

import io
import re
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

# RFC 5321, 4.2: three digits, and then a space, a hyphen, or nothing.
_ANSWER = re.compile(rb"[2-5][0-9][0-9](?:[ -].*)?\r?\n")
# RFC 5321 asks for 512; smtplib's own limit is 8,192.
_LONGEST = 4096


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


class Deadline:
    """By a clock that nobody sets; in seconds."""

    def __init__(self) -> None:
        self._at = 0.0

    def allow(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def extend(self, seconds: float) -> None:
        self._at += seconds

    def left(self) -> float:
        """Raises `TimeoutError` when there is none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Line(smtplib.SMTP):
    """Connected when made. Raises what smtplib raises."""

    def __init__(self, server: Server, deadline: Deadline) -> None:
        self._server = server
        self._deadline = deadline
        self.unsent = 0
        super().__init__(server.host, server.port, local_hostname=server.us)

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        """Where smtplib's own SMTP_SSL, too, makes a connection of another kind."""
        sock = _dialled(host, port, self._deadline)
        # A long text may be several writes; without this the last would wait for an answer.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._secured(sock) if self._server.ssl else sock

    def secure(self) -> None:
        """STARTTLS. What was said in the clear counts no more (RFC 3207, 4.2)."""
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError
        code, answer = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, answer)
        self.sock, self.file = self._secured(self._connected()), None
        self.ehlo_resp = self.helo_resp = None
        self.ehlo_or_helo_if_needed()

    def send(self, s: Any) -> None:
        """All of it, bytes or str, while there is time. `unsent` says how many bytes of it are
        still ours, also after a failure: what the system took may be on its way.
        """
        rest = memoryview(s.encode(self.command_encoding) if isinstance(s, str) else s)
        self.unsent = len(rest)
        sock = self._connected()
        while rest:
            sock.settimeout(self._deadline.left())
            rest = rest[sock.send(rest) :]
            self.unsent = len(rest)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = _Answers(_Timed(self._connected(), self._deadline))
        return super().getreply()

    def _secured(self, sock: socket.socket) -> ssl.SSLSocket:
        context = ssl.create_default_context()
        sock.settimeout(self._deadline.left())
        return context.wrap_socket(sock, server_hostname=self._server.host)

    def _connected(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        return self.sock


class _Answers(io.BufferedReader):
    """Whole ones, and such as the standard knows: what else is meant nobody knows."""

    def readline(self, _size: int | None = -1) -> bytes:
        line = super().readline(_LONGEST)
        return line if _ANSWER.fullmatch(line) else b""


class _Timed(io.RawIOBase):
    """What the server says, for as long as there is time: an answer may come in many pieces."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


def _dialled(host: str, port: int, deadline: Deadline) -> socket.socket:
    """The first address that answers. Each has its share of what is left, or one that swallows
    everything would leave nothing for the next; looking up the name takes what the resolver allows.
    """
    *others, last = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for number, each in enumerate(others):
        with suppress(OSError):
            return _connection(each, deadline.left() / (len(others) + 1 - number))
    return _connection(last, deadline.left())


def _connection(found: tuple[Any, ...], seconds: float) -> socket.socket:
    family, kind, protocol, _name, address = found
    sock = socket.socket(family, kind, protocol)
    try:
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock
