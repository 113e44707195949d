"""How an invitation ends that nobody took. The address goes; a code that was never used stays."""

from datetime import datetime, timedelta

from django.db import transaction

from participants import do_not_invite, erasure
from participants.models import Enrolment, Invitation
from participants.models.enrolment import EnrolmentQuerySet

Ending = Invitation.Ending

ANSWER_WITHIN = timedelta(days=30)
# Ended together, since each time all sessions are read for traces; and how many in one call, so
# that a tick stays short. The others go with the next.
_BATCH = 50
_AT_ONCE = 500


@transaction.atomic
def decline(*, enrolment: Enrolment, mark: str = "", now: datetime) -> bool:
    """Somebody says “this is not me, or do not invite me”: no study here asks that address again.

    False, with nothing ended, where the invitation was taken or is over. `mark`, which the mail
    carried (`do_not_invite.mark`), is remembered then too, when the address may be gone.
    """
    if mark:
        do_not_invite.remember(mark=mark, now=now)
    standing = _locked([enrolment.pk])
    if not standing:
        return False
    user = standing[0].user
    if user is not None:
        do_not_invite.remember(mark=do_not_invite.mark(user.email), now=now)
    _end(standing, Ending.DECLINED, now)
    return True


@transaction.atomic
def take_back(*, enrolment: Enrolment, now: datetime) -> bool:
    """Staff invited somebody by mistake. Whoever it is may be invited again. False as above."""
    standing = _locked([enrolment.pk])
    _end(standing, Ending.WITHDRAWN_BY_STAFF, now)
    return bool(standing)


def end_unanswered(*, now: datetime) -> int:
    """End those that nobody answered within 30 days, 500 at most; how many were ended."""
    keys = list(_unanswered(now).values_list("pk", flat=True)[:_AT_ONCE])
    batches = (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
    return sum(_end_unanswered(batch, now) for batch in batches)


def _unanswered(now: datetime) -> EnrolmentQuerySet:
    return (
        Enrolment.objects.invited()
        .filter(
            invitation__joined_at=None,
            invitation__ended_at=None,
            invitation__invited_at__lte=now - ANSWER_WITHIN,
        )
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
