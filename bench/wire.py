"""A bare SMTP client: kept open, two round trips a mail. Nothing that sends can be much quicker."""

import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

SENDER = "sessions@training.example.org"


class Wire:
    """MAIL, RCPT and DATA go in one write (PIPELINING), the text and its dot in another."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")
        self._expect(b"220")
        self.say(b"EHLO bench", b"250")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._answers.close()
        self._socket.close()

    def send(self, recipient: str, message: bytes) -> None:
        """`message` has no line that begins with a dot, and ends with a line end."""
        self._socket.sendall(f"MAIL FROM:<{SENDER}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())
        self._expect(b"250")
        self._expect(b"250")
        self._expect(b"354")
        self._socket.sendall(message + b".\r\n")
        self._expect(b"250")

    def say(self, command: bytes, wanted: bytes) -> bytes:
        self._socket.sendall(command + b"\r\n")
        return self._expect(wanted)

    def _expect(self, wanted: bytes) -> bytes:
        """The last line of an answer, without its code."""
        line = self._answers.readline()
        while line[3:4] == b"-":
            line = self._answers.readline()
        if not line.startswith(wanted):
            message = f"The sink answered {line!r}."
            raise RuntimeError(message)
        return line[4:].strip()


class Smtplib:
    """Python's own client, used in the same way."""

    def __init__(self, port: int) -> None:
        self._client = smtplib.SMTP("127.0.0.1", port, timeout=60)
        self._client.ehlo()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.quit()

    def send(self, recipient: str, message: bytes) -> None:
        self._client.sendmail(SENDER, [recipient], message)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What the sink took. `pairs` counts different (recipient, Message-ID)."""

    mails: int
    ids: int
    recipients: int
    pairs: int
    bytes: int

    def check(self, count: int, what: str) -> None:
        """Each mail once, each to another person, none missing: or nothing was measured."""
        if (self.mails, self.ids, self.recipients) != (count, count, count):
            message = f"{what}: {count} different mails should have come, but: {self}"
            raise SystemExit(message)


class Sink:
    """The sink's process, seen from outside."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.pid = process.pid
        self.port = port

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def reset(self) -> None:
        with Wire(self.port) as wire:
            wire.say(b"XRESET", b"250")

    def came(self) -> Came:
        with Wire(self.port) as wire:
            said = wire.say(b"XCOUNT", b"250")
        mails, ids, recipients, pairs, size = (int(each) for each in said.split())
        return Came(mails=mails, ids=ids, recipients=recipients, pairs=pairs, bytes=size)


@contextmanager
def sink() -> Iterator[Sink]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield Sink(process, int(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
