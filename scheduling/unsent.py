"""Invitations that were never sent and never will be: nobody's address is kept for nothing."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from participants import inviting
from participants.models import Enrolment
from participants.models.enrolment import EnrolmentQuerySet
from scheduling import prompts
from scheduling.models import Kind, Prompt
from scheduling.models.prompt import PromptQuerySet
from scheduling.models.wording import INVITING
from scheduling.safely import safely
from studies.models import Study

State, Reason = Prompt.State, Prompt.Reason

_MAY_HAVE_GONE = frozenset({State.SENDING, State.SENT, State.UNCONFIRMED})
_TAKES_NOBODY = [Study.State.CLOSED, Study.State.ARCHIVED]
# Ended together, since each time all sessions are read for traces; and how many in one call, so
# that a tick stays short. The others go with the next.
_TOGETHER = 50
_AT_ONCE = 500


def not_written_to() -> EnrolmentQuerySet:
    """Who is invited, and whom no mail has reached, nor may have."""
    gone = _mails().filter(kind__in=INVITING, state__in=_MAY_HAVE_GONE)
    return Enrolment.objects.invited().filter(~Exists(gone))


def end_unsent(*, now: datetime) -> int:
    """Of a study that was closed, all who were not written to; of one that is open, those whose
    turn came when it took nobody, since a mail that was passed over is not sent later. 500 at most.
    """
    # By the small index of those that stand, however many people there are.
    stands = {"invited_at__lte": now, "joined_at": None, "ended_at": None}
    people = _for_nothing().filter(**{f"invitation__{name}": at for name, at in stands.items()})
    keys = list(people.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    batches = [keys[start : start + _TOGETHER] for start in range(0, len(keys), _TOGETHER)]
    return sum(safely("ending what was not sent", partial(_end, batch, now)) for batch in batches)


def _for_nothing() -> EnrolmentQuerySet:
    passed_over = _mails().filter(
        kind=Kind.INVITATION,
        state=State.SKIPPED,
        reason__in=[Reason.STUDY_CLOSED, Reason.STUDY_FULL],
    )
    return not_written_to().filter(Q(study__state__in=_TAKES_NOBODY) | Exists(passed_over))


def _mails() -> PromptQuerySet:
    return Prompt.objects.filter(enrolment=OuterRef("pk"))


@transaction.atomic
def _end(keys: list[int], now: datetime) -> int:
    """The people are locked, then their mails, as by all that changes a plan; and looked at again,
    since a sender may have been quicker.
    """
    people = list(_for_nothing().filter(pk__in=keys).select_for_update(of=("self",)).order_by("pk"))
    rows = Prompt.objects.select_for_update().filter(enrolment__in=people).order_by("pk")
    mails = list(rows)
    gone = {each.enrolment_id for each in mails if each.state in _MAY_HAVE_GONE}
    _drop([each for each in mails if each.enrolment_id not in gone], now)
    unsent = [each for each in people if each.pk not in gone]
    inviting.end_unsent(standing=unsent, now=now)
    return len(unsent)


def _drop(mails: Sequence[Prompt], now: datetime) -> None:
    for mail in mails:
        if mail.state == State.PLANNED:
            is_first = mail.kind == Kind.INVITATION
            reason = Reason.STUDY_CLOSED if is_first else Reason.NO_INVITATION
            prompts.skip(mail, reason=reason, now=now)
