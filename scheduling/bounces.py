"""Mail that comes back, and mail that is called spam: what it means for its row and its person.

Whoever is told of it, by a mail provider or by the server itself, says so here. Each report counts
once. The address it is about is compared with that of the account, and is never kept or logged.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from participants import addresses
from participants.models import User
from scheduling import prompts
from scheduling.models import Prompt
from scheduling.services.mail import stop_mail

State = Prompt.State

_EVIDENTLY_SENT = [State.SENT, State.UNCONFIRMED, State.SENDING]
_TRIED = [State.SENT, State.UNCONFIRMED]


def prompt_of(*, message_ids: Collection[str], recipient: str, before: datetime) -> Prompt | None:
    """The row that a report is about: that of one of these Message-IDs, and no other.

    A report that names none is about the newest mail that went to this address before that moment,
    and since the address became that of its account.
    """
    rows = Prompt.objects.select_related("enrolment__user")
    if message_ids:
        return rows.filter(message_id__in=message_ids, state__in=_EVIDENTLY_SENT).first()
    user = User.objects.filter(email__in=addresses.spellings(recipient)).first()
    if user is None:
        return None
    went = rows.filter(enrolment__user=user, state__in=_TRIED, attempted_at__lte=before)
    if user.address_changed_at is not None:
        went = went.filter(attempted_at__gt=user.address_changed_at)
    return went.order_by("-attempted_at", "-pk").first()


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

    Whoever was passed the mail, or has the address that the person had before, stops nothing.
    """
    if not prompts.complained(prompt, now=now):
        return False
    if _is_theirs(prompt, recipient) and not _has_moved_since(prompt):
        stop_mail(enrolment=prompt.enrolment, now=now)
    return True


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
