"""How an invitation ends that nobody took. The address goes; a code that was never used stays."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from participants import do_not_invite, erasure
from participants.models import Enrolment, Invitation
from participants.models.enrolment import EnrolmentQuerySet
from participants.retention import ended_studies

Ending = Invitation.Ending

ANSWER_WITHIN = timedelta(days=30)
# Ended together, since each time all sessions are read for traces; and how many in one call, so
# that a tick stays short. The others go with the next.
_BATCH = 50
_AT_ONCE = 500


@transaction.atomic
def decline(*, enrolment: Enrolment, mark: str, now: datetime) -> list[Enrolment]:
    """Somebody says “this is not me, or do not invite me”: no study here asks that address again.

    Returns those whose invitations ended by it: whatever stands for that account, in any study.
    None, where the invitation was taken or is over and there is no other. `mark`, which the mail
    carried (`do_not_invite.mark`), is remembered then too, when the address may be gone.
    """
    if mark:
        do_not_invite.remember(mark=mark, now=now)
    # Enrolments before accounts, as everywhere, so that two writers wait but never for each other.
    _locked(_of_the_same_address(enrolment, mark))
    # A list that is being saved holds the accounts of its people. What it made of them can be seen
    # once it is saved, and ends too.
    erasure.locked_users([enrolment])
    standing = _locked(_of_the_same_address(enrolment, mark))
    users = {each.user.email for each in standing if each.user is not None}
    for address in sorted(users):
        do_not_invite.remember(mark=do_not_invite.mark(address), now=now)
    if standing:
        _end(standing, Ending.DECLINED, now)
    return standing


def _of_the_same_address(enrolment: Enrolment, mark: str) -> list[int]:
    """All that its account is invited to, where the account has the address which the mail went to:
    whoever has a former one speaks for that alone.
    """
    rows = Enrolment.objects.invited().filter(user__enrolments=enrolment).distinct()
    found = [(each.pk, each.user) for each in rows.select_related("user")]
    return [key for key, user in found if user and do_not_invite.is_of(mark, user.email)]


def take_back(*, enrolment: Enrolment, now: datetime) -> bool:
    """Staff invited somebody by mistake. Whoever it is may be invited again. False, with nothing
    done, where the invitation was taken or is over.
    """
    return end_one(enrolment=enrolment, ending=Ending.WITHDRAWN_BY_STAFF, now=now)


@transaction.atomic
def end_one(*, enrolment: Enrolment, ending: Ending, now: datetime) -> bool:
    """False, with nothing done, where the invitation was taken or is over."""
    standing = _locked([enrolment.pk])
    _end(standing, ending, now)
    return bool(standing)


def end_unsent(*, standing: list[Enrolment], now: datetime) -> None:
    """Nobody was written to, and nobody will be. The caller holds them."""
    _end(standing, Ending.NOT_SENT, now)


def end_unanswered(*, now: datetime) -> int:
    """End those that nobody answered within 30 days, or until the last day on which their study
    keeps what names people; 500 at most. Returns how many were ended.
    """
    keys = list(_unanswered(now).values_list("pk", flat=True)[:_AT_ONCE])
    batches = (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
    return sum(_end_unanswered(batch, now) for batch in batches)


def _unanswered(now: datetime) -> EnrolmentQuerySet:
    ran_out = Q(invitation__invited_at__lte=now - ANSWER_WITHIN)
    if studies := ended_studies(now):
        ran_out |= Q(study__in=studies)
    return (
        Enrolment.objects.invited()
        .filter(ran_out, invitation__joined_at=None, invitation__ended_at=None)
        .order_by("invitation__invited_at", "pk")
    )


@transaction.atomic
def _end_unanswered(keys: list[int], now: datetime) -> int:
    standing = _locked(keys)
    _end(standing, Ending.UNANSWERED, now)
    return len(standing)


def _locked(keys: list[int]) -> list[Enrolment]:
    """Locked, and then looked at: somebody may have joined in between."""
    rows = Enrolment.objects.invited().filter(pk__in=keys).order_by("pk")
    return list(rows.select_for_update(of=("self",)).select_related("user"))


def _end(standing: list[Enrolment], ending: Ending, now: datetime) -> None:
    Invitation.objects.filter(enrolment__in=standing).update(ended_at=now, ending=ending)
    for enrolment in standing:
        enrolment.status = Enrolment.Status.UNJOINED
    erasure.erase_together(enrolments=standing, now=now)
