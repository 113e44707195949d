"""Codes that are mailed and never stored: a session holds no more than a keyed digest of one."""

from allauth.core.internal.cryptokit import normalize_user_code
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "portal.sign_in_codes"


class Digest(str):
    """What may be kept of a code. The code itself goes along to its mail, and no further.

    A string, because allauth puts what it is given for a code into the session; written there,
    the code is left behind.
    """

    __slots__ = ("code",)
    code: str


def digest_of(code: str) -> Digest:
    """In any case of letters, with or without its dash."""
    digest = Digest(salted_hmac(_SALT, normalize_user_code(code)).hexdigest())
    digest.code = code
    return digest


def fits(*, typed: str, kept: str) -> bool:
    """In constant time. `kept` is empty where no code was sent."""
    return constant_time_compare(kept, digest_of(typed))
