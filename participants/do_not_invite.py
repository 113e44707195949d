"""Addresses whose owners asked not to be invited: remembered without being kept.

Those who left with deletion are among them (`scheduling.services.leaving`), since a list would
enter them again.

Of each there is an HMAC-SHA-256 under the platform's secret key, which nobody without the key can
compare with a list of addresses. Those made under a former key (`SECRET_KEY_FALLBACKS`) hold.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from participants.addresses import as_kept
from participants.enrolling import BATCH
from participants.models import DoNotInvite

_SALT = "participants.do_not_invite"


def mark(address: str) -> str:
    """What would be kept of it."""
    return _digest(address, settings.SECRET_KEY)


def is_of(mark: str, address: str) -> bool:
    """Under whichever key it was made."""
    return mark in _digests(address)


def remember(*, mark: str, now: datetime) -> None:
    """Said twice, it is kept once, with the first date."""
    DoNotInvite.objects.get_or_create(digest=mark, defaults={"at": now})


def among(addresses: Collection[str]) -> set[str]:
    """Those of `addresses`, as given, whose owners asked not to be invited."""
    of = {digest: address for address in addresses for digest in _digests(address)}
    wanted = list(of)
    found: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        rows = DoNotInvite.objects.filter(digest__in=wanted[start : start + BATCH])
        found |= {of[digest] for digest in rows.values_list("digest", flat=True)}
    return found


def _digests(address: str) -> Iterator[str]:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield _digest(address, key)


def _digest(address: str, key: str) -> str:
    return salted_hmac(_SALT, as_kept(address), secret=key, algorithm="sha256").hexdigest()
