"""One .eml file for each mail, for running on one machine without a mail server."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from scheduling.transport.base import Envelope, Lost, Phase


class FileTransport:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def probe(self, sender: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Lost(Phase.CONNECT) from error

    def send(self, envelope: Envelope) -> None:
        self.probe(envelope.sender)
        try:
            write(self._folder, envelope.data)
        except OSError as error:
            raise Lost(Phase.MAIL) from error

    def close(self) -> None:
        """Nothing is kept open."""


class EmailBackend(BaseEmailBackend):
    """Django's own mail, such as sign-in codes, into the same folder."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            write(folder, message.message().as_bytes(linesep="\r\n"))
        return len(email_messages)


def write(folder: Path, data: bytes) -> Path:
    """Names sort by time. A reader sees a whole file or none."""
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{uuid4().hex[:8]}.eml"
    unfinished = folder / f".{name}"
    unfinished.write_bytes(data)
    return unfinished.rename(folder / name)
