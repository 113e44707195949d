"""What a mail carries so that its provider can say which one came back.

Mailgun and Amazon SES tell us our own Message-ID. Postmark and Brevo tell theirs, and with it what
stands in one header of their own; it holds our Message-ID, which says nothing of anybody.
"""

import json

from django.conf import settings

NAME = "prompt"
_POSTMARK = f"X-PM-Metadata-{NAME}"
_BREVO = "X-Mailin-custom"
HEADERS = (_POSTMARK, _BREVO)
# Postmark takes no longer values, and would send no mail that has one.
_LONGEST = 80


def header_for(message_id: str) -> dict[str, str]:
    """For the one provider that reports to us; none for all others."""
    if settings.MAIL_EVENTS_FROM == "postmark" and len(message_id) <= _LONGEST:
        return {_POSTMARK: message_id}
    if settings.MAIL_EVENTS_FROM == "brevo":
        return {_BREVO: json.dumps({NAME: message_id})}
    return {}
