"""Reads the mails that the demonstration wrote to files instead of sending them."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Mail:
    """`name` is the file's name without its suffix; `written_at` is the Date header, if any."""

    name: str
    to: str
    subject: str
    written_at: datetime | None
    text: str
    html: str


def newest(count: int) -> list[Mail]:
    """The newest mails first. Their files' names begin with the moment they were written."""
    files = sorted(_folder().glob("*.eml"), reverse=True)[:count]
    return [_read(path) for path in files]


def find(name: str) -> Mail | None:
    """The mail of that name, or None; a name that leads out of the folder finds nothing."""
    path = _folder() / f"{name}.eml"
    return _read(path) if path.parent == _folder() and path.is_file() else None


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _read(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    date = message["Date"]
    return Mail(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        written_at=date.datetime if date else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
