"""Into Django's `mail.outbox`, beside what Django itself sends in tests."""

from email import message_from_bytes
from email.message import EmailMessage as ParsedMessage
from email.policy import default

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from scheduling.transport.base import Envelope

_SHOWN = {"from", "to", "subject", "reply-to", "content-type", "mime-version"}


class MemoryTransport:
    def probe(self, sender: str) -> None:
        """Memory is always there."""

    def send(self, envelope: Envelope) -> None:
        with mail.get_connection() as connection:
            connection.send_messages([_as_django_has_it(envelope)])

    def close(self) -> None:
        """Nothing is kept open."""


def _as_django_has_it(envelope: Envelope) -> EmailMultiAlternatives:
    parsed = message_from_bytes(envelope.data, policy=default)
    message = EmailMultiAlternatives(
        subject=str(parsed["Subject"]),
        body=_part(parsed, "plain"),
        from_email=str(parsed["From"]),
        to=[envelope.recipient],
        reply_to=[str(parsed["Reply-To"])],
        headers={name: str(value) for name, value in parsed.items() if name.lower() not in _SHOWN},
    )
    message.attach_alternative(_part(parsed, "html"), "text/html")
    return message


def _part(parsed: ParsedMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
