"""What a provider reports, taken in. anymail's signal is how it hands over what it has read."""

import logging
import re
from datetime import datetime
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.dispatch import receiver
from django.utils import timezone

from scheduling import bounces
from scheduling.hooks.providers import PROVIDERS, Provider, message_ids

logger = logging.getLogger(__name__)

_CAME_BACK = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_FOR_GOOD = {RejectReason.BOUNCED, RejectReason.INVALID}
_CODE = re.compile(r"(?<![\d.])5\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
# RFC 3463: who sends, a full mailbox, a system at fault, what was written, and what is let in.
_NOT_THE_ADDRESS = {("1", "7"), ("1", "8"), ("2", "2"), ("2", "3")}
_NOT_THE_ADDRESS_SUBJECTS = {"3", "6", "7"}


class NotRecorded(Exception):
    """A fault of ours; the provider should try again."""


@receiver(tracking, dispatch_uid="scheduling.hooks.reports")
def received(event: AnymailTrackingEvent, esp_name: str, **_signal: Any) -> None:
    """Raises NotRecorded, which says nothing of the report: any other error's words might."""
    provider = next(each for each in PROVIDERS.values() if each.view.esp_name == esp_name)
    try:
        _record(event, provider, timezone.now())
    except Exception as error:
        raise NotRecorded(type(error).__name__) from error


def _record(event: AnymailTrackingEvent, provider: Provider, now: datetime) -> None:
    is_complaint = event.event_type == EventType.COMPLAINED
    if not is_complaint and not _is_for_good(event, provider):
        return
    prompt = bounces.prompt_of(message_ids=message_ids(provider, event))
    if prompt is None:
        logger.warning("a mail report (%s) fits no mail of ours", event.event_type)
        return
    recipient = str(event.recipient or "")
    if is_complaint:
        news = bounces.complained(prompt=prompt, recipient=recipient, now=now)
    else:
        news = bounces.bounced(prompt=prompt, recipient=recipient, is_dead=_is_dead(event), now=now)
    known = "" if news else ", which was known"
    logger.info("prompt %d: a mail report (%s)%s", prompt.pk, event.event_type, known)


def _is_for_good(event: AnymailTrackingEvent, provider: Provider) -> bool:
    return (
        event.event_type in _CAME_BACK
        and event.reject_reason in _FOR_GOOD
        and not provider.may_pass(event.esp_event)
    )


def _is_dead(event: AnymailTrackingEvent) -> bool:
    """Whether nothing that the server answered speaks of something else than the address."""
    found = _CODE.search(str(event.mta_response or ""))
    if found is None:
        return True
    subject, detail = found.groups()
    return subject not in _NOT_THE_ADDRESS_SUBJECTS and (subject, detail) not in _NOT_THE_ADDRESS
