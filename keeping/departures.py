"""Who has left, so that it can be repeated where an older backup was restored.

A backup of the day before holds people who have left since, and those who were erased, with their
addresses. The list names nobody: codes, and the keyed digests of those not to be invited.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from keeping.refusing import CannotKeep
from participants import do_not_invite, inviting
from participants.models import DoNotInvite, Enrolment, Invitation
from participants.withdrawal import HasGoneFurther
from scheduling import housekeeping, prompts
from scheduling.models import Prompt
from scheduling.services import disown_again, leave

COLUMNS = ("how", "who", "at", "erased_at")
NOT_INVITED = "do_not_invite"
DISOWNED = "disowned"
"""Entered as having agreed elsewhere, and said that they had not."""


def lines() -> Iterator[tuple[str, str, str, str]]:
    """COLUMNS, and then as these say. `who` is a code or a digest; times are in UTC."""
    yield COLUMNS
    disowned = set(
        Invitation.objects.exclude(disowned_at=None).values_list("enrolment_id", flat=True)
    )
    for each in Enrolment.objects.filter(status=Enrolment.Status.WITHDRAWN).order_by("pk"):
        since = each.withdrawal_since or each.withdrawn_at
        how = DISOWNED if each.pk in disowned else each.withdrawal
        yield how, each.code, _written(since), _written(each.erased_at)
    ended = Invitation.objects.exclude(ended_at=None).select_related("enrolment")
    for one in ended.order_by("pk"):
        erased_at = _written(one.enrolment.erased_at)
        yield one.ending, one.enrolment.code, _written(one.ended_at), erased_at
    for no in DoNotInvite.objects.order_by("pk"):
        yield NOT_INVITED, no.digest, _written(no.at), ""


def repeat(lists: Iterable[Iterable[str]], *, now: datetime) -> tuple[int, int]:
    """All of the lists, oldest first, or nothing; twice does no harm. For how many it was done, and
    how many codes are not known here: they joined after the backup. Nobody is written to. Raises
    CannotKeep.
    """
    rows = list(dict.fromkeys(row for each in lists for row in _read(each)))
    with transaction.atomic():
        found = [(row[1], _repeat_one(*row, now=now)) for row in rows]
    done, unknown = ({who for who, was in found if was is which} for which in (True, None))
    return len(done), len(unknown)


def _repeat_one(
    how: str, who: str, at: datetime, erased_at: datetime | None, *, now: datetime
) -> bool | None:
    """Whether anything was done; None for a code that is not known."""
    if how == NOT_INVITED:
        return _remember(who, at)
    enrolment = Enrolment.objects.filter(code=who).first()
    if enrolment is None:
        return None
    if not enrolment.has_joined:
        return _end(enrolment, how, at)
    if how == DISOWNED:
        return disown_again(enrolment=enrolment, now=at)
    left = how in Enrolment.Withdrawal and _leave(enrolment, Enrolment.Withdrawal(how), at, now)
    enrolment.refresh_from_db()
    if erased_at is None or enrolment.erased_at is not None:
        return left
    return housekeeping.erase(enrolment, erased_at)


def _remember(digest: str, at: datetime) -> bool:
    known = DoNotInvite.objects.filter(digest=digest).exists()
    do_not_invite.remember(mark=digest, now=at)
    return not known


def _end(enrolment: Enrolment, how: str, at: datetime) -> bool:
    """Somebody who was only invited by then. Who joined and left since was not: their invitation
    ends here, and the address goes.
    """
    over = how in Invitation.Ending
    ending = Invitation.Ending(how) if over else Invitation.Ending.UNANSWERED
    return inviting.end_one(enrolment=enrolment, ending=ending, now=at)


def _leave(enrolment: Enrolment, level: Enrolment.Withdrawal, at: datetime, now: datetime) -> bool:
    """On the day on which they did, and without a second confirmation. Whether the study deleted
    until then is not asked again: it did.
    """
    try:
        confirmation = leave(enrolment=enrolment, level=level, reason="", now=at, granted=True)
    except HasGoneFurther:
        return False
    if confirmation is not None:
        prompts.cancel(confirmation, reason=Prompt.Reason.WITHDRAWN, now=now)
    return confirmation is not None


def _read(given: Iterable[str]) -> Iterator[tuple[str, str, datetime, datetime | None]]:
    known = {NOT_INVITED, DISOWNED, *Enrolment.Withdrawal, *Invitation.Ending}
    reader = csv.DictReader(given)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise CannotKeep(_("This is no list of departures: its first line is not as it should be."))
    for number, row in enumerate(reader, start=2):
        at = _moment(row["at"])
        if row["how"] not in known or not row["who"] or at is None:
            words = _("Line %(number)d of the list cannot be read, and nothing was changed.")
            raise CannotKeep(words % {"number": number})
        yield row["how"], row["who"], at, _moment(row["erased_at"])


def _moment(given: str | None) -> datetime | None:
    try:
        found = parse_datetime(given or "")
    except ValueError:
        return None
    return found if found is None or found.tzinfo else None


def _written(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat()
