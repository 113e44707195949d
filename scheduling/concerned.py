"""Whom a standstill of the mail concerns, and what it did to theirs."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q

from scheduling.alarm_words import Toll
from scheduling.models import Alarm, Prompt
from scheduling.watch import LATE
from studies.models import Study

State = Prompt.State


@dataclass(frozen=True, kw_only=True)
class Contact:
    """An address and the studies that have it. Never empty; the first one's zone is used."""

    address: str
    studies: list[Study]


def contacts(alarm: Alarm) -> list[Contact]:
    """Of every open study with people ahead of it, or who were when the alarm began."""
    ahead = Prompt.objects.filter(enrolment__study=OuterRef("pk")).filter(
        Q(state=State.PLANNED) | Q(settled_at__gte=alarm.began_at)
    )
    studies = Study.objects.filter(state__in=[Study.State.RECRUITING, Study.State.CLOSED])
    found: dict[str, list[Study]] = {}
    for study in studies.filter(Exists(ahead)).order_by("pk"):
        found.setdefault(study.contact_email.strip().lower(), []).append(study)
    return [Contact(address=address, studies=each) for address, each in found.items()]


def toll(alarm: Alarm, contact: Contact) -> Toll:
    """What the standstill did to the prompts of these studies. Reads all of theirs, once or twice
    an alarm.
    """
    since = alarm.began_at
    refused = Q(state=State.FAILED, reason=Prompt.Reason.MAIL_REFUSED)
    counts = Prompt.objects.filter(enrolment__study__in=contact.studies).aggregate(
        late=Count("pk", filter=Q(sent_at__gte=since, sent_at__gt=F("due_at") + LATE)),
        lost=Count("pk", filter=(Q(state=State.MISSED) | refused) & Q(settled_at__gte=since)),
        unsure=Count("pk", filter=Q(state=State.UNCONFIRMED, attempted_at__gte=since)),
        waiting=Count("pk", filter=Q(state=State.PLANNED, due_at__lte=alarm.cleared_at or since)),
    )
    return Toll(**counts)
