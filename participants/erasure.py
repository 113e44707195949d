"""Taking a person's identity out of the records. Their code and the dates stay, and are counted."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from participants import traces
from participants.accounts import remove_accounts, without_needed
from participants.models import ConsentSignature, Demographics, Enrolment, User
from participants.models.enrolment import EnrolmentQuerySet
from participants.traces import Traces
from participants.withdrawal import forget_days


def awaiting() -> EnrolmentQuerySet:
    """Those who asked for deletion and whose identity is still here, oldest first."""
    return Enrolment.objects.awaiting_erasure()


@transaction.atomic
def erase_identity(*, enrolment: Enrolment, now: datetime) -> Enrolment:
    """Part the enrolment from its person, and remove what names them: address, typed name, words.

    The account goes too, unless it has staff duties or another enrolment whose identity is not
    erased. Asked twice, it is done once. Raises ValueError for someone who has not withdrawn.
    """
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if enrolment.erased_at is not None:
        return enrolment
    if not enrolment.is_withdrawn:
        msg = f"{enrolment.code} has not withdrawn"
        raise ValueError(msg)
    erase_together(enrolments=[enrolment], now=now)
    return enrolment


@transaction.atomic
def erase_together(*, enrolments: Collection[Enrolment], now: datetime) -> None:
    """Part many from their codes, withdrawn or not; a status that was changed on them is saved. The
    caller has locked them, and knows why. The queries are as many for fifty as for one.
    """
    if enrolments:
        users = locked_users(enrolments)
        _part(enrolments, now)
        _take_away(users, enrolments)


def locked_users(enrolments: Collection[Enrolment]) -> list[User]:
    """Their accounts, in the order in which everybody locks them."""
    users = User.objects.filter(enrolments__in=enrolments).values("pk")
    return list(User.objects.select_for_update().filter(pk__in=users).order_by("pk"))


def _take_away(users: Collection[User], enrolments: Collection[Enrolment]) -> None:
    """The accounts that nothing needs any more, and the visits by a link to `enrolments`."""
    keys = [enrolment.pk for enrolment in enrolments]
    gone = without_needed(users)
    if gone:
        remove_accounts(users=gone, enrolments=keys)
    elif keys:
        traces.forget_visits(Traces(enrolments=frozenset(keys)))


def _part(enrolments: Collection[Enrolment], now: datetime) -> None:
    ConsentSignature.objects.filter(enrolment__in=enrolments).delete()
    Demographics.objects.filter(enrolment__in=enrolments).update(
        gender_own_words="", ethnicity_own_words=""
    )
    forget_days(enrolments)
    for enrolment in enrolments:
        enrolment.user = None
        enrolment.erased_at = now
        enrolment.withdrawal_reason = ""
        # What was mailed to them must open nothing, should it still lie in a mailbox.
        enrolment.link_version += 1
    changed = ["status", "user", "erased_at", "withdrawal_reason", "link_version"]
    Enrolment.objects.bulk_update(enrolments, changed)
