"""Consent said to be taken elsewhere, of somebody whom our first mail does not know."""

from datetime import datetime

from django.db import transaction

from participants.erasure import erase_identity
from participants.models import ConsentAnswer, Enrolment
from participants.withdrawal import withdraw


def agreed_elsewhere(enrolment: Enrolment) -> bool:
    elsewhere = ConsentAnswer.Method.ELSEWHERE
    return ConsentAnswer.objects.filter(enrolment=enrolment, method=elsewhere).exists()


@transaction.atomic
def disown(*, enrolment: Enrolment, now: datetime) -> bool:
    """Whoever got that mail says that it is not them, or that they have not agreed: they are
    withdrawn, and their address goes at once. Staff see them as withdrawn.

    False, with nothing done, for those who have confirmed it since by choosing a day or by agreeing
    anew, and for those who joined by themselves: they leave on their own pages.
    """
    person = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    online = ConsentAnswer.objects.filter(
        enrolment=person, method=ConsentAnswer.Method.ONLINE
    ).exists()
    if person.status != Enrolment.Status.JOINING or online or not agreed_elsewhere(person):
        return False
    withdraw(enrolment=person, level=Enrolment.Withdrawal.EVERYTHING, reason="", now=now)
    erase_identity(enrolment=person, now=now)
    return True
