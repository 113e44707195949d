"""Consent said to be taken elsewhere, of somebody whom our first mail does not know."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from participants import do_not_invite
from participants.erasure import erase_identity
from participants.models import ConsentAnswer, Enrolment, Invitation
from participants.withdrawal import annul


def agreed_elsewhere(enrolment: Enrolment) -> bool:
    """Whether the team entered them as having agreed: their invitation was taken in the moment in
    which it was made. It stays known when what they agreed to is deleted.
    """
    return Invitation.objects.filter(enrolment=enrolment, joined_at=F("invited_at")).exists()


@transaction.atomic
def disown(*, enrolment: Enrolment, mark: str, now: datetime) -> bool:
    """Whoever got that mail says that it is not them, or that they have not agreed: what was said
    of them is deleted, and their address goes at once. Their invitation keeps that they said so.

    `mark` is that of the address which the mail went to. False, with nothing done, where they have
    another by now, for whoever has a former one is somebody else; for those who have confirmed it
    since by choosing a day or by agreeing anew; and for those who joined by themselves: they leave
    on their own pages.
    """
    people = Enrolment.objects.select_for_update(of=("self",)).select_related("user")
    person = people.get(pk=enrolment.pk)
    if not _can_disown(person, mark):
        return False
    _forget(person, now)
    return True


@transaction.atomic
def disown_again(*, enrolment: Enrolment, now: datetime) -> bool:
    """What a restore has undone, as of when they said it. False where it is done."""
    person = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if person.erased_at is not None:
        return False
    _forget(person, now)
    return True


def _forget(person: Enrolment, now: datetime) -> None:
    Invitation.objects.filter(enrolment=person).update(disowned_at=now)
    annul(enrolment=person, now=now)
    erase_identity(enrolment=person, now=now)


def _can_disown(person: Enrolment, mark: str) -> bool:
    if person.user is None or not do_not_invite.is_of(mark, person.user.email):
        return False
    online = ConsentAnswer.objects.filter(enrolment=person, method=ConsentAnswer.Method.ONLINE)
    is_joining = person.status == Enrolment.Status.JOINING
    return is_joining and agreed_elsewhere(person) and not online.exists()
