"""Making invitations: an account, an enrolment that nobody has agreed to, and what was agreed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from participants import enrolling
from participants.inviting.standings import Standing, plain, standing
from participants.models import Enrolment, Invitation, User
from studies.models import Study
from studies.screening import clean_source

AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """`weekday` (1 is Monday), `local_time` and `zone`: the day agreed with them, or none of it."""

    address: str
    weekday: int | None = None
    local_time: time | None = None
    zone: str = ""
    source: str = ""


class CannotInvite(Exception):
    """Nobody was invited. `message` says why; `refused` says of which addresses, if it is that."""

    def __init__(self, message: str, refused: Mapping[str, Standing] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.refused = dict(refused or {})


def nothing_said(_done: int) -> None:
    """How far it is interests nobody."""


def invite(
    *,
    study: Study,
    addresses: Sequence[Invitee],
    by: User | None,
    now: datetime,
    said: Callable[[int], None] = nothing_said,
) -> list[Enrolment]:
    """Invite all of them, or none: raises CannotInvite where one cannot be. In the order given.

    Nothing is mailed here. `said` is told, now and then, how many are written.
    """
    check_open(study, now)
    check_free(study, [each.address for each in addresses])
    try:
        with transaction.atomic():
            return list(_written(study, addresses, by, now, said))
    except IntegrityError:
        check_free(study, [each.address for each in addresses])  # somebody was quicker
        raise


def check_open(study: Study, now: datetime) -> None:
    if not study.is_recruiting(now):
        raise CannotInvite(_("Nobody can join this study at the moment. Open it first."))


def check_free(study: Study, addresses: Sequence[str]) -> None:
    refused = {
        address: stands
        for address, stands in standing(study, addresses).items()
        if stands != Standing.FREE
    }
    twice = [one for one, count in Counter(plain(each) for each in addresses).items() if count > 1]
    refused |= {address: Standing.INVITED for address in twice if address not in refused}
    if refused:
        raise CannotInvite(_("Some of these people cannot be invited."), refused)


def _written(
    study: Study,
    invitees: Sequence[Invitee],
    by: User | None,
    now: datetime,
    said: Callable[[int], None],
) -> Iterator[Enrolment]:
    accounts = enrolling.accounts_for([plain(each.address) for each in invitees], now)
    for start in range(0, len(invitees), AT_ONCE):
        some = invitees[start : start + AT_ONCE]
        enrolments = enrolling.save(
            Enrolment(
                study=study,
                user=accounts[plain(each.address)],
                edition_id=study.edition_id,
                source=clean_source(each.source),
                status=Enrolment.Status.INVITED,
            )
            for each in some
        )
        Invitation.objects.bulk_create(
            invitation(enrolment, each, by, now)
            for enrolment, each in zip(enrolments, some, strict=True)
        )
        said(start + len(some))
        yield from enrolments


def invitation(
    enrolment: Enrolment, invitee: Invitee, by: User | None, now: datetime
) -> Invitation:
    return Invitation(
        enrolment=enrolment,
        invited_at=now,
        invited_by=by,
        weekday=invitee.weekday,
        local_time=invitee.local_time,
        zone=invitee.zone,
    )
