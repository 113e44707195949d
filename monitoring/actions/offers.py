"""All actions; and those that are offered for a person, as links."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from monitoring.access import Rights
from monitoring.actions.address import ChangeAddress
from monitoring.actions.arms import RecordArm
from monitoring.actions.day import MoveDay
from monitoring.actions.deed import Deed
from monitoring.actions.leaving import TakeBack, Withdraw
from monitoring.actions.mailing import SendAgain, Settle
from monitoring.actions.pausing import Pause, Resume
from participants.models import Enrolment

# In the order in which they are offered.
_ALL: list[Deed] = [
    *(Settle(), SendAgain(), MoveDay(), Pause(), Resume()),
    *(RecordArm(), ChangeAddress(), TakeBack(), Withdraw()),
]
DEEDS = {deed.name: deed for deed in _ALL}


class Offer(NamedTuple):
    href: str
    words: str


def offered(person: Enrolment, held: Rights, *, now: datetime) -> list[Offer]:
    if not held.manages:
        return []
    return [
        Offer(href_of(deed, person), str(deed.words))
        for deed in _ALL
        if _may(deed, held) and deed.is_offered(person, now=now)
    ]


def href_of(deed: Deed, person: Enrolment) -> str:
    return reverse("monitoring:act", args=[person.study.slug, person.code, deed.name])


def _may(deed: Deed, held: Rights) -> bool:
    return (held.identity or not deed.needs_identity) and (held.arm or not deed.needs_arm)
