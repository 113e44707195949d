"""A mail server that says what it was told to, whatever it hears."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Self

from scheduling.transport import Envelope
from scheduling.transport.line import Server
from scheduling.transport.smtp import SmtpTransport

OFFERS = b"250-hello\r\n250 PIPELINING\r\n"
LETTER = b"Subject: Hello\r\n\r\n.\r\n..two\r\nend\r\n"


def envelope(to: str = "ann@example.org", data: bytes = LETTER) -> Envelope:
    return Envelope(sender="us@example.org", recipient=to, data=data)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Of the machine's own clock; a little is given to whatever else the machine does."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < seconds + 0.9


@contextmanager
def answering(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """The port of a server that talks so, once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            line, _address = listener.accept()
            line.settimeout(3)
            with line, suppress(OSError):
                talk(line)

        taking = threading.Thread(target=take)
        taking.start()
        yield listener.getsockname()[1]
        taking.join(timeout=5)


class Scripted:
    """A server that greets, and answers each thing it hears with the next of `answers`.

    Then it falls silent, or hangs up; with `drip` it takes so many seconds for every byte. Where
    it hears nothing for as long as it waits, in seconds, it is gone.
    """

    def __init__(
        self,
        *answers: bytes,
        greeting: bytes = b"220 hello\r\n",
        hang_up: bool = False,
        drip: float = 0.0,
        waits: float = 1.0,
    ) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._greeting = greeting
        self._answers = answers
        self._hang_up = hang_up
        self._drip = drip
        self._waits = waits
        self._heard: list[bytes] = []
        self._thread = threading.Thread(target=self._talk)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(timeout=10)
        self._listener.close()

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        host, port = self._listener.getsockname()
        return host, port

    def send(self, *, timeout: float = 5.0) -> None:
        with closing(self.transport(timeout=timeout)) as out:
            out.send(envelope())

    def transport(self, *, timeout: float) -> SmtpTransport:
        host, port = self.address
        return SmtpTransport(Server(host=host, port=port, timeout=timeout))

    def heard(self) -> list[bytes]:
        """All of it, once the other side has hung up; a closing QUIT is not counted."""
        self._thread.join(timeout=2)
        return [each for each in self._heard if each != b"quit\r\n"]

    def _talk(self) -> None:
        line, _address = self._listener.accept()
        line.settimeout(self._waits)
        with line, suppress(OSError):
            self._say(line, self._greeting)
            for answer in self._answers:
                # A text may come in pieces; its dot ends it.
                if not (self._heard and self._heard[-1].endswith(b".\r\n")):
                    self._heard.append(line.recv(65536))
                self._say(line, answer)
            while not self._hang_up and (more := line.recv(65536)):
                self._heard.append(more)

    def _say(self, line: socket.socket, answer: bytes) -> None:
        if not self._drip:
            line.sendall(answer)
            return
        for each in answer:
            line.sendall(bytes([each]))
            time.sleep(self._drip)
