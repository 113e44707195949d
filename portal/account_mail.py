"""The mails of signing in, on the wire like those of the weeks: in 7 bits, naming no machine.

What they lead to is made from SITE_URL: a request says whatever host its sender liked.
"""

from email.charset import QP, Charset
from typing import Any

from django.core.mail import EmailMessage

from scheduling.links import page_url
from scheduling.mail import new_message_id
from studies import helplines

# Else Django would send lines of 8 bits, which not every server passes on as they are.
_QUOTED = Charset("utf-8")
_QUOTED.body_encoding = QP


def surroundings() -> dict[str, Any]:
    """What the frame of every mail says besides its words."""
    return {"helplines": helplines.for_mail(), "help_url": page_url("/help/")}


def headers() -> dict[str, str]:
    """RFC 3834: no out-of-office answers, please. Django's Message-ID would name this machine."""
    return {"Message-ID": new_message_id(), "Auto-Submitted": "auto-generated"}


def quoted(message: EmailMessage) -> EmailMessage:
    message.encoding = _QUOTED
    return message
