"""Whether mail reaches an account's address: marked when it comes back, cleared by who gets it."""

from contextlib import suppress
from datetime import datetime

from django.db.models import Q

from participants.models import User


def mark_failed(*, enrolment: int, mailed_at: datetime, now: datetime) -> bool:
    """Mail of `mailed_at` to the person of this enrolment (primary key) came back.

    The mark belongs to the address that it was sent to: where the account has moved to another
    since, or we have heard since that the address works, nothing is marked. Nor where it was
    marked before, or the person is erased. Returns whether it was.
    """
    moved_since = Q(address_changed_at__gte=mailed_at)
    heard_since = Q(address_heard_at__gt=mailed_at)
    accounts = User.objects.filter(enrolments=enrolment, address_failed_at=None)
    marked = accounts.exclude(moved_since | heard_since).update(address_failed_at=now)
    return bool(marked)


def works(*, user: User, now: datetime) -> None:
    """A code sent there was typed in, or its person says so: what was mailed before may come back
    later, and marks it no more.
    """
    User.objects.filter(pk=user.pk).update(address_failed_at=None, address_heard_at=now)
    user.address_failed_at, user.address_heard_at = None, now


def as_kept(address: str) -> str:
    """The one form in which accounts keep an address, and a no is remembered: in lower case, and
    with a domain in letters, where it came in their ASCII form (“xn--”) and that leads back.
    """
    plain = address.strip().lower()
    name, at, domain = plain.rpartition("@")
    if at and "xn--" in domain:
        with suppress(UnicodeError):
            return f"{name}@{domain.encode('ascii').decode('idna')}"
    return plain


def spellings(address: str) -> set[str]:
    """One address, in the forms that we keep it in and that mail programs make of it."""
    name, _at, domain = address.strip().lower().rpartition("@")
    domains = {domain}
    with suppress(UnicodeError):
        wire = domain.encode("idna")
        domains |= {wire.decode("ascii"), wire.decode("idna")}
    return {f"{name}@{each}" for each in domains}
