"""Mail that comes back, and mail that is called spam: what it means for its row and its person.

Whoever is told of it, by a mail provider or by the server itself, says so here. Each report counts
once. The address it is about is compared with that of the account, and is never kept or logged.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from participants import addresses, do_not_invite
from participants.models import Enrolment, User
from scheduling import lateness, prompts
from scheduling.decisions import ALWAYS
from scheduling.models import PlanChange, Prompt
from scheduling.models.wording import INVITING
from scheduling.services.inviting import decline
from scheduling.services.mail import send_again, stop_mail

State = Prompt.State

_EVIDENTLY_SENT = [State.SENT, State.UNCONFIRMED, State.SENDING]
_OF_THE_ADDRESS = {Prompt.Reason.ADDRESS_FAILED, Prompt.Reason.ADDRESS_REFUSED}


def prompt_of(*, message_ids: Collection[str]) -> Prompt | None:
    """The row that a report is about: that of one of these Message-IDs.

    A report that names none of ours is about no row, whatever address it tells of: which mail came
    back is evidence, and is never guessed.
    """
    rows = Prompt.objects.select_related("enrolment__user")
    return rows.filter(message_id__in=message_ids, state__in=_EVIDENTLY_SENT).first()


@transaction.atomic
def bounced(*, prompt: Prompt, recipient: str, is_dead: bool, now: datetime) -> bool:
    """A mail that was sent came back. Returns False, and changes nothing, if that was known.

    `is_dead`: the address is at fault, and not what was written to it. `recipient` is the address
    that it is said of; where a mail was passed on, that is not the account's own.
    """
    if not prompts.bounced(prompt, now=now):
        return False
    if is_dead and _is_theirs(prompt, recipient):
        _mark(prompt, now)
    return True


@transaction.atomic
def complained(*, prompt: Prompt, recipient: str, now: datetime) -> bool:
    """Someone pressed “this is spam”: their mails stop, as by the link in each of them, and they
    are not withdrawn. Returns False, and changes nothing, if that was known.

    Whoever was passed the mail, or has the address that the person had before, stops nothing. Of
    someone who has not chosen a day yet, choosing it finds the complaint. Whoever says it of an
    invitation has declined that.
    """
    # The person first, as whoever chooses a day does, who looks whether there was a complaint.
    Enrolment.objects.select_for_update(no_key=True).get(pk=prompt.enrolment_id)
    if not prompts.complained(prompt, now=now):
        return False
    if _is_theirs(prompt, recipient) and not _has_moved_since(prompt):
        _stop(prompt, do_not_invite.mark(recipient), now)
    return True


def _stop(prompt: Prompt, mark: str, now: datetime) -> None:
    person = prompt.enrolment
    if prompt.kind not in INVITING or not decline(enrolment=person, mark=mark, now=now):
        stop_mail(enrolment=person, now=now, by=PlanChange.By.REPORT)


@transaction.atomic
def works_again(*, user: User, now: datetime) -> None:
    """Mail reaches this account: a code sent there was typed in, its address is new, or its person
    says so. What is owed whatever else is stopped, and did not reach them, is written once more.
    """
    # Enrolments before accounts, as everywhere, so that two writers wait but never for each other.
    people = Enrolment.objects.select_for_update(no_key=True).filter(user=user).order_by("pk")
    known = [each for each in people if each.erasure_requested_at is None]
    addresses.works(user=user, now=now)
    for prompt in _owed(known, now):
        send_again(prompt=prompt, now=now)


def _owed(people: list[Enrolment], now: datetime) -> list[Prompt]:
    """Of each such kind the newest copy, if it might go to this day and did not reach them."""
    rows = Prompt.objects.filter(
        enrolment__in=people, kind__in=ALWAYS, due_at__gte=now - lateness.OTHERS
    ).order_by("copy")
    newest = {(row.enrolment_id, row.kind): row for row in rows}
    return [row for row in newest.values() if row.bounced_at or row.reason in _OF_THE_ADDRESS]


def address_refused(prompt: Prompt, *, now: datetime) -> None:
    """The server would not take a mail for this address. The row itself says so already."""
    _mark(prompt, now)


def _mark(prompt: Prompt, now: datetime) -> None:
    mailed_at = prompt.attempted_at or prompt.due_at
    addresses.mark_failed(enrolment=prompt.enrolment_id, mailed_at=mailed_at, now=now)


def _is_theirs(prompt: Prompt, recipient: str) -> bool:
    user = prompt.enrolment.user
    return user is not None and user.email in addresses.spellings(recipient)


def _has_moved_since(prompt: Prompt) -> bool:
    user = prompt.enrolment.user
    moved_at = user.address_changed_at if user is not None else None
    return moved_at is not None and moved_at >= (prompt.attempted_at or prompt.due_at)
