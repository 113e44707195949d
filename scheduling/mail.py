"""The message as it goes over the wire."""

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, formataddr, parseaddr
from uuid import uuid4

from django.conf import settings
from django.utils.encoding import punycode

from scheduling import links, rendering
from scheduling.decisions import STOPPABLE, Note
from scheduling.hooks import marks
from scheduling.models import Kind, Prompt, Wording
from scheduling.transport import Envelope
from scheduling.values import Editions

_STOPPED_BY_ONE_CLICK = STOPPABLE | {Kind.WELCOME}


# RFC 2045, 6.7: a line of quoted-printable has 76 characters at most.
_WIDTH = 76
# Python would make a long word of these =?utf-8?q?…?=, which no reader of them undoes.
_AS_IT_IS = {"List-Unsubscribe", "Message-ID", *marks.HEADERS}


class _OnTheWire(EmailPolicy):
    """Python's own, but for what it would spoil on folding."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name in _AS_IT_IS:
            return _line(name, value)
        if name == "Subject":
            return _line(name, _encoded(value, name))
        if name == "From":
            return _line(name, _mailbox(value))
        return super().fold_binary(name, value)


_POLICY = _OnTheWire(linesep="\r\n", max_line_length=_WIDTH)


@dataclass(frozen=True, kw_only=True)
class Letter:
    prompt: Prompt
    wording: Wording
    message_id: str
    envelope: Envelope


def letter_for(
    prompt: Prompt,
    wording: Wording,
    *,
    notes: frozenset[Note] = frozenset(),
    editions: Editions,
    now: datetime,
) -> Letter:
    """Needs an address: `prompt.enrolment.user` must not be None."""
    words = rendering.words_for(prompt, wording, notes, editions)
    message_id = prompt.message_id or new_message_id()
    message = EmailMessage(policy=_POLICY)
    for name, value in _headers(prompt, message_id, now).items():
        message[name] = value
    message["Subject"] = one_line(words.subject)
    message.set_content(words.text, cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", cte="quoted-printable")
    return Letter(
        prompt=prompt,
        wording=wording,
        message_id=message_id,
        envelope=Envelope(sender=_sender(), recipient=_address(prompt), data=message.as_bytes()),
    )


def new_message_id() -> str:
    """Random, so that it says nothing; kept on the row, so that every attempt has the same."""
    return f"<{uuid4().hex}@{_sender().rpartition('@')[2]}>"


def one_line(text: str) -> str:
    """A header is one line: a line break in a name or subject could begin another header."""
    return " ".join(text.split())


def _line(name: str, value: str) -> bytes:
    return f"{name}: {value}\r\n".encode("ascii")


def _mailbox(value: str) -> str:
    words, address = parseaddr(value)
    if words.isascii():
        return _encoded(formataddr((words, address)), "From")
    return f"{_encoded(words, 'From')} <{address}>"


def _encoded(words: str, name: str) -> str:
    """Folded by the older of Python's two encoders: the newer one loses spaces between words."""
    charset = "us-ascii" if words.isascii() else "utf-8"
    return Header(words, charset, _WIDTH, name).encode(linesep="\r\n")


def _headers(prompt: Prompt, message_id: str, now: datetime) -> dict[str, str]:
    study = prompt.enrolment.study
    headers = {
        "From": str(Address(one_line(study.neutral_name), addr_spec=_sender())),
        "To": _address(prompt),
        "Reply-To": study.contact_email,
        "Date": format_datetime(now),
        "Message-ID": message_id,
        # RFC 3834: no out-of-office answers, please.
        "Auto-Submitted": "auto-generated",
        **marks.header_for(message_id),
    }
    if prompt.kind in _STOPPED_BY_ONE_CLICK:
        # RFC 8058: mail programs show a button that stops the mail with one POST.
        headers["List-Unsubscribe"] = f"<{links.stop_url(prompt.enrolment)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _address(prompt: Prompt) -> str:
    user = prompt.enrolment.user
    if user is None:
        msg = f"prompt {prompt.pk} has no address to go to"
        raise ValueError(msg)
    name, _at, domain = user.email.rpartition("@")
    return f"{name}@{punycode(domain)}"


def _sender() -> str:
    return parseaddr(settings.EMAIL_FROM)[1]
