"""Accounts and enrolments by the thousand, for those who did not come by themselves."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection

from participants.codes import new_code
from participants.models import Enrolment, User

# Any number, as long as nothing else asks PostgreSQL for the same one.
_LISTS = 5_309_721
# SQLite takes no more than 999 values in one statement, where it is old.
BATCH = 900


def one_list_at_a_time() -> None:
    """Wait until no other list is being saved; until the end of the caller's transaction no other
    begins. First of all, before anything is locked.

    Codes are drawn among those that can be seen. Of two lists of 50,000, each blind to the other,
    three codes or four would be the same. SQLite has one that writes, at any time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LISTS])


def accounts_for(addresses: Collection[str], now: datetime) -> dict[str, User]:
    """By address (in lower case, as given), made where there is none; as `accounts.account_for`.

    One of them made in the same moment by somebody else is theirs and ours. All are locked, so that
    whoever joins meanwhile by themselves has joined before this, or after. Two who do this at once
    go in the same order.
    """
    asked = sorted(addresses)
    known = _accounts(asked)
    new = [_account(address, now) for address in asked if address not in known]
    User.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    found = known | _accounts([user.email for user in new])
    if _locked(sorted(user.pk for user in found.values())) == set(found):
        return found
    # One was taken away, or moved to another address, before it could be locked.
    return accounts_for(addresses, now)


def _accounts(addresses: Sequence[str]) -> dict[str, User]:
    found: dict[str, User] = {}
    for start in range(0, len(addresses), BATCH):
        rows = User.objects.filter(email__in=addresses[start : start + BATCH])
        found |= {user.email: user for user in rows}
    return found


def _locked(keys: Sequence[int]) -> set[str]:
    """The addresses that these have now. Rows that point at an account need not wait meanwhile, as
    those of staff who save a list and stand in another.
    """
    there: set[str] = set()
    for start in range(0, len(keys), BATCH):
        some = User.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        there |= set(some.select_for_update(no_key=True).values_list("email", flat=True))
    return there


def _account(address: str, now: datetime) -> User:
    user = User(email=address, date_joined=now)
    user.set_unusable_password()
    return user


def free_codes(number: int) -> list[str]:
    """So many codes that nobody has, as far as can be seen. Drawn blindly, one of 50,000 would
    often be somebody's.
    """
    codes: set[str] = set()
    while len(codes) < number:
        drawn = {new_code() for _ in range(min(BATCH, number - len(codes)))}
        codes |= drawn - _taken(drawn)
    return list(codes)


def _taken(codes: Collection[str]) -> set[str]:
    return set(Enrolment.objects.filter(code__in=codes).values_list("code", flat=True))


def save(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """With a code for each. Raises IntegrityError where somebody has a place already."""
    rows = list(enrolments)
    for enrolment, code in zip(rows, free_codes(len(rows)), strict=True):
        enrolment.code = code
    return Enrolment.objects.bulk_create(rows, batch_size=BATCH)
