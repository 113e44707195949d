"""The mail that came, in the form in which tests read what Django has sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.deployment.processes import wait_until
from tests.services.smtp import SmtpSink


@dataclass(frozen=True)
class Mail:
    to: list[str]
    subject: str
    body: str


class Outbox:
    """Oldest first."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    def __iter__(self) -> Iterator[Mail]:
        for each in list(self._sink.received):
            yield Mail(to=each.rcpt_tos, subject=each.message["Subject"], body=each.text())

    def wait_for(self, to: str, subject: str) -> None:
        """Until a mail to this address came whose subject contains `subject`."""
        wait_until(
            lambda: any(each.to == [to] and subject in each.subject for each in self),
            f"No mail “{subject}” came to {to}: {[(each.to, each.subject) for each in self]}",
        )
