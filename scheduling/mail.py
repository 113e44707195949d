"""The message as it goes over the wire."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from uuid import uuid4

from django.conf import settings
from django.utils.encoding import punycode

from scheduling import links, mime, rendering
from scheduling.decisions import STOPPABLE, Note
from scheduling.hooks import marks
from scheduling.models import Kind, Prompt, Wording
from scheduling.models.wording import INVITING
from scheduling.transport import Envelope
from scheduling.values import Editions

_STOPPED_BY_ONE_CLICK = STOPPABLE | {Kind.WELCOME}


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
    message_id, address = prompt.message_id or new_message_id(), _address(prompt)
    headers = {**_headers(prompt, address, message_id, now), "Subject": one_line(words.subject)}
    data = mime.message(headers, text=words.text, html=words.html)
    return Letter(
        prompt=prompt,
        wording=wording,
        message_id=message_id,
        envelope=Envelope(sender=_sender(), recipient=address, data=data),
    )


def new_message_id() -> str:
    """Random, so that it says nothing; kept on the row, so that every attempt has the same."""
    return f"<{uuid4().hex}@{_sender().rpartition('@')[2]}>"


def one_line(text: str) -> str:
    """A header is one line: a line break in a name or subject could begin another header."""
    return " ".join(text.split())


def _headers(prompt: Prompt, address: str, message_id: str, now: datetime) -> dict[str, str]:
    study = prompt.enrolment.study
    headers = {
        "From": _mailbox(study.neutral_name, _sender()),
        "To": address,
        "Reply-To": study.contact_email,
        "Date": format_datetime(now),
        "Message-ID": message_id,
        # RFC 3834: no out-of-office answers, please.
        "Auto-Submitted": "auto-generated",
        **marks.header_for(message_id),
    }
    if stopped_at := _stopped_at(prompt):
        # RFC 8058: mail programs show a button that stops the mail with one POST.
        headers["List-Unsubscribe"] = f"<{stopped_at}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _stopped_at(prompt: Prompt) -> str:
    """Whoever stops the mails of an invitation has declined it. Empty: nothing to stop."""
    if prompt.kind in INVITING:
        return links.decline_url(prompt.enrolment)
    return links.stop_url(prompt.enrolment) if prompt.kind in _STOPPED_BY_ONE_CLICK else ""


@lru_cache(maxsize=64)
def _mailbox(name: str, address: str) -> str:
    return str(Address(one_line(name), addr_spec=address))


def _address(prompt: Prompt) -> str:
    user = prompt.enrolment.user
    if user is None:
        msg = f"prompt {prompt.pk} has no address to go to"
        raise ValueError(msg)
    name, _at, domain = user.email.rpartition("@")
    return f"{name}@{punycode(domain)}"


def _sender() -> str:
    return _bare(settings.EMAIL_FROM)


@lru_cache(maxsize=4)
def _bare(mailbox: str) -> str:
    return parseaddr(mailbox)[1]
