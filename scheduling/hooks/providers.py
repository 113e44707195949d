"""The mail providers whose reports we take, and what each one's say. anymail checks and reads them.

    provider    who says so is proven by      the mail it is about
    brevo       user and password             its X-Mailin-custom, or its Message-ID
    mailgun     signature over time and token its Message-ID
    postmark    user and password             its X-PM-Metadata-prompt
    ses         user and password             its Message-ID, if SES is told to include headers

A report that names no mail of ours is about none: sign-in codes, and whatever else goes out by the
same account there, come back too. Mailgun does not sign what its reports say, so TLS is what keeps
a signature from being used for other words; it serves for as long as Mailgun repeats a report.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent
from anymail.webhooks.amazon_ses import AmazonSESBaseWebhookView, AmazonSESTrackingWebhookView
from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.http import HttpRequest
from django.utils import timezone

from scheduling.hooks import marks

logger = logging.getLogger(__name__)

# Mailgun tries for eight hours to tell what was not taken.
MAILGUN_SIGNATURE = timedelta(hours=12)
_AMAZON = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")


class AmazonTracking(AmazonSESTrackingWebhookView):
    """anymail's, without Amazon's own library, which it needs for the one first answer alone."""

    def __init__(self, **kwargs: Any) -> None:
        super(AmazonSESBaseWebhookView, self).__init__(**kwargs)

    def auto_confirm_sns_subscription(self, sns_message: dict[str, Any]) -> None:
        """Amazon asks once whether we want its reports. A person answers, by opening an address."""
        address = str(sns_message.get("SubscribeURL"))
        parts = urlsplit(address)
        if parts.scheme == "https" and _AMAZON.fullmatch(parts.netloc):
            logger.warning("Amazon SNS asks whether to report here. To agree, open %s", address)


class MailgunTracking(MailgunTrackingWebhookView):
    """anymail's, which would take a signature of any age."""

    def validate_request(self, request: HttpRequest) -> None:
        super().validate_request(request)
        signed_at = float(json.loads(request.body)["signature"]["timestamp"])
        if abs(timezone.now().timestamp() - signed_at) > MAILGUN_SIGNATURE.total_seconds():
            raise AnymailWebhookValidationFailure


@dataclass(frozen=True, kw_only=True)
class Provider:
    """`names` gives what a report says of the mail's own Message-ID; `may_pass` whether it says
    that the trouble is one of today. Both read what anymail calls `esp_event`, as it came.
    """

    view: type[AnymailCoreWebhookView]
    names: Callable[[AnymailTrackingEvent], Iterator[Any]]
    may_pass: Callable[[dict[str, Any]], bool]


def _its_own(event: AnymailTrackingEvent) -> Iterator[Any]:
    yield event.message_id


def _marked(event: AnymailTrackingEvent) -> Iterator[Any]:
    if isinstance(event.metadata, dict):
        yield event.metadata.get(marks.NAME)


def _marked_or_its_own(event: AnymailTrackingEvent) -> Iterator[Any]:
    yield from _marked(event)
    yield event.message_id


def _in_headers(event: AnymailTrackingEvent) -> Iterator[Any]:
    mail = event.esp_event["mail"]
    if "headers" not in mail:
        logger.warning("Amazon SES names no mail: tell it to include the original headers")
    for header in mail.get("headers", []):
        if header["name"].lower() == "message-id":
            yield header["value"]


def _never(_report: dict[str, Any]) -> bool:
    """anymail calls such a report of Mailgun's deferred."""
    return False


def _amazon_may_pass(report: dict[str, Any]) -> bool:
    return bool(report.get("bounce", {}).get("bounceType") != "Permanent")


PROVIDERS = {
    "brevo": Provider(
        view=BrevoTrackingWebhookView,
        names=_marked_or_its_own,
        may_pass=lambda report: report.get("event") == "soft_bounce",
    ),
    "mailgun": Provider(
        view=MailgunTracking,
        names=_its_own,
        may_pass=_never,
    ),
    "postmark": Provider(
        view=PostmarkTrackingWebhookView,
        names=_marked,
        may_pass=lambda report: report.get("Type") == "SoftBounce",
    ),
    "ses": Provider(view=AmazonTracking, names=_in_headers, may_pass=_amazon_may_pass),
}


def message_ids(provider: Provider, event: AnymailTrackingEvent) -> list[str]:
    """As we write them, in angle brackets."""
    named = [name.strip().strip("<>") for name in provider.names(event) if isinstance(name, str)]
    return [f"<{name}>" for name in named if name]
