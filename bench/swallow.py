"""The platform's own loop in this process, with a transport that takes everything at once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from unittest import mock

from bench.limit import Letters
from scheduling import delivery
from scheduling.delivery import Report
from scheduling.transport import Envelope


class Swallow:
    """A transport; keeps the last envelope."""

    last: Envelope | None = None

    def probe(self, sender: str) -> None:
        """Always there."""

    def send(self, envelope: Envelope) -> None:
        self.last = envelope

    def close(self) -> None:
        """Nothing is open."""


def send_swallowing(limit: int) -> tuple[Report, Swallow]:
    transport = Swallow()

    @contextmanager
    def opened() -> Iterator[Swallow]:
        yield transport

    with mock.patch.object(delivery, "open_transport", opened):
        return delivery.run(clock=lambda: datetime.now(UTC), limit=limit), transport


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One of the platform's mails: as it goes over the wire, and in its parts."""

    letters: Letters
    subject: str
    text: str
    html: str
    go_url: str
    stop_url: str

    @property
    def weight(self) -> str:
        return (
            f"{len(self.letters.message):,} bytes on the wire: {len(self.text.encode()):,} of "
            f"text and {len(self.html.encode()):,} of HTML"
        )


def sample() -> Sample:
    """The first mail that is due, which counts as sent afterwards."""
    _report, transport = send_swallowing(1)
    assert transport.last is not None
    data = transport.last.data
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    # So the limit need not look for such lines, which the platform does for each mail.
    assert b"\n." not in data
    text = _part(message, "plain")
    return Sample(
        letters=Letters(message=data, message_id=message["Message-ID"].encode()),
        subject=str(message["Subject"]),
        text=text,
        html=_part(message, "html"),
        go_url=_found(r"https://\S+/go/\S+", text),
        stop_url=_found(r"https://\S+/stop/\S+", text),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, f"no {pattern} in the mail"
    return match[0]
