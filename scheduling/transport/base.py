"""What every transport has in common."""

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class Phase(IntEnum):
    """Of an SMTP conversation, in order. DOT: the final dot is out, and only an answer tells."""

    CONNECT = 1
    EHLO = 2
    TLS = 3
    AUTH = 4
    MAIL = 5
    RCPT = 6
    DATA = 7
    BODY = 8
    DOT = 9

    @property
    def is_about_us(self) -> bool:
        """Before a recipient is named, a failure says nothing about any one mail."""
        return self < Phase.RCPT


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """`data` is the message with CRLF line ends, not yet dot-stuffed."""

    sender: str
    recipient: str
    data: bytes


class TransportError(Exception):
    """`summary` holds codes only: a server's words may hold an address."""

    def __init__(self, phase: Phase, summary: str) -> None:
        super().__init__(f"{phase.name} {summary}")
        self.phase = phase

    @property
    def summary(self) -> str:
        return str(self)


class Lost(TransportError):
    """The connection failed, or nothing came within the time allowed."""

    def __init__(self, phase: Phase) -> None:
        super().__init__(phase, "lost")


class Refused(TransportError):
    """The server answered, and not with yes. `enhanced` is the RFC 3463 code, or empty."""

    _OUR_ADDRESS = frozenset({"5.1.7", "5.1.8"})
    _ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")

    def __init__(self, phase: Phase, code: int, answer: bytes) -> None:
        found = self._ENHANCED.match(answer)
        self.code = code
        self.enhanced = found.group(1).decode() if found else ""
        super().__init__(phase, f"{code} {self.enhanced}".strip())

    @property
    def is_permanent(self) -> bool:
        return 500 <= self.code < 600

    @property
    def is_about_the_address(self) -> bool:
        """RFC 3463: 5.1.x is a bad address, 5.2.1 a mailbox that was closed. Of 5.1.x, 7 and 8 mean
        the sender's own address, which some servers refuse when they hear the recipient.
        """
        if not self.is_permanent or self.enhanced in self._OUR_ADDRESS:
            return False
        return self.enhanced.startswith("5.1.") or self.enhanced == "5.2.1"


class Transport(Protocol):
    def probe(self, sender: str) -> None:
        """Go as far as can be gone without a mail. Raises `TransportError`."""

    def send(self, envelope: Envelope) -> None:
        """Returns when the message was taken. Raises `TransportError`."""

    def close(self) -> None:
        """Say goodbye; never raises."""
