"""Leaving: records follow the level chosen, unsent mail is dropped, one confirmation goes out."""

from datetime import datetime

from django.db import transaction

from participants import do_not_invite, withdrawal
from participants.models import Enrolment, User
from scheduling import prompts
from scheduling.instants import needs_instants
from scheduling.models import Kind, PlanChange, Prompt, Rhythm
from scheduling.services import moving
from scheduling.services.mail import write_now
from scheduling.services.words import install_wordings


@needs_instants
@transaction.atomic
def leave(
    *,
    enrolment: Enrolment,
    level: Enrolment.Withdrawal,
    reason: str,
    now: datetime,
    granted: bool = False,
) -> Prompt | None:
    """Returns the confirmation, or None for someone who had left at this level already.

    Raises `participants.withdrawal.CannotWithdraw`, with its `message`; `granted` as there. With
    erasure the address is kept until the confirmation has reached a final state, 24 hours at most;
    then the tick erases it (`scheduling.housekeeping`).
    """
    if level == Enrolment.Withdrawal.ERASURE:
        _remember_not_to_invite(enrolment, now)
    before = moving.locked(enrolment)
    planned = Prompt.objects.select_for_update().filter(enrolment=enrolment).order_by("pk")
    rows = [each for each in planned if each.state == Prompt.State.PLANNED]
    left = withdrawal.withdraw(
        enrolment=before, level=level, reason=reason, now=now, granted=granted
    )
    if before.withdrawal == level:
        return None
    for row in rows:
        if not _still_goes(row, level):
            prompts.cancel(row, reason=Prompt.Reason.WITHDRAWN, now=now)
    confirmation = write_now(enrolment=left, kind=Kind.WITHDRAWAL, now=now)
    if level == Enrolment.Withdrawal.ERASURE:
        _delete_plans(left)
    install_wordings(study=enrolment.study, now=now)
    return confirmation


def _remember_not_to_invite(enrolment: Enrolment, now: datetime) -> None:
    """By no list, which could not know them any more once their address has gone. Before anything
    is locked, as where an invitation is declined.
    """
    for address in User.objects.filter(enrolments=enrolment).values_list("email", flat=True):
        do_not_invite.remember(mark=do_not_invite.mark(address), now=now)


def _delete_plans(enrolment: Enrolment) -> None:
    """And why mails were not needed, which tells of use; all of it, since one that is missing tells
    too. Also of earlier times in the study, whose records went with this one's.
    """
    theirs = {
        "enrolment__user": enrolment.user_id,
        "enrolment__study": enrolment.study_id,
        "enrolment__erasure_requested_at__isnull": False,
    }
    Prompt.objects.filter(**theirs, state=Prompt.State.SKIPPED).update(reason="")
    Rhythm.objects.filter(**theirs).delete()
    PlanChange.objects.filter(**theirs).delete()


def _still_goes(prompt: Prompt, level: str) -> bool:
    """A copy of what was agreed is owed, unless what was agreed is deleted."""
    return prompt.kind == Kind.CONSENT_COPY and level != Enrolment.Withdrawal.ERASURE
