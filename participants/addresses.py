"""Whether mail reaches an account's address: marked when it comes back, cleared by who gets it."""

from contextlib import suppress
from datetime import datetime

from django.db.models import Q

from participants.models import User


def mark_failed(*, enrolment: int, mailed_at: datetime, now: datetime) -> bool:
    """Mail of `mailed_at` to the person of this enrolment (primary key) came back.

    The mark belongs to the address that it was sent to: where the account has moved to another
    since, or its person signed in by a code mailed there since, nothing is marked. Nor where it
    was marked before, or the person is erased. Returns whether it was.
    """
    moved_since = Q(address_changed_at__gte=mailed_at)
    heard_since = Q(last_login__gt=mailed_at)
    accounts = User.objects.filter(enrolments=enrolment, address_failed_at=None)
    marked = accounts.exclude(moved_since | heard_since).update(address_failed_at=now)
    return bool(marked)


def works(*, user: User) -> None:
    """A code sent there came back, or its person says so: mail goes there again."""
    User.objects.filter(pk=user.pk, address_failed_at__isnull=False).update(address_failed_at=None)
    user.address_failed_at = None


def spellings(address: str) -> set[str]:
    """One address, in the forms that we keep it in and that mail programs make of it."""
    name, _at, domain = address.strip().lower().rpartition("@")
    domains = {domain}
    with suppress(UnicodeError):
        wire = domain.encode("idna")
        domains |= {wire.decode("ascii"), wire.decode("idna")}
    return {f"{name}@{each}" for each in domains}
