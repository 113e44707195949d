"""For each of many an account, an enrolment and its invitation, a thousand at a time."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from participants import enrolling
from participants.addresses import as_kept
from participants.inviting.checks import check_nobody_said_no
from participants.inviting.lists import Invitee
from participants.models import Enrolment, Invitation, User

AT_ONCE = 1000

Who = TypeVar("Who", bound=Invitee)


def written(
    people: Sequence[Who],
    enrolment: Callable[[Who, User], Enrolment],
    *,
    by: User | None,
    now: datetime,
) -> Iterator[list[tuple[Enrolment, Who]]]:
    """In the order given, as each thousand is saved. `enrolment` says what one is to be. Raises
    CannotInvite where somebody said no while we waited for their account, before anything is saved.
    """
    accounts = enrolling.accounts_for([as_kept(each.address) for each in people], now)
    check_nobody_said_no(accounts)
    for start in range(0, len(people), AT_ONCE):
        some = people[start : start + AT_ONCE]
        saved = enrolling.save(enrolment(each, accounts[as_kept(each.address)]) for each in some)
        pairs = list(zip(saved, some, strict=True))
        Invitation.objects.bulk_create(_invitation(*pair, by, now) for pair in pairs)
        yield pairs


def _invitation(
    enrolment: Enrolment, invitee: Invitee, by: User | None, now: datetime
) -> Invitation:
    return Invitation(
        enrolment=enrolment,
        invited_at=now,
        invited_by=by,
        weekday=invitee.weekday,
        local_time=invitee.local_time,
        zone=invitee.zone,
        joined_at=now if enrolment.has_joined else None,
    )
