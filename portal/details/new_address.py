"""A code to a new address, kept in the session as a digest until it is typed in.

The code goes out whether or not the address belongs to somebody here; that shows after the code,
to a person who has proven that they read the mail there.
"""

import time
from enum import Enum, auto

from allauth.account.adapter import get_adapter
from allauth.core.internal.cryptokit import normalize_user_code
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

_KEY = "new_address"
_SALT = "portal.details.new_address"


class Outcome(Enum):
    RIGHT = auto()
    WRONG = auto()
    TOO_MANY = auto()
    EXPIRED = auto()


def send_code(request: HttpRequest, email: str) -> None:
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    request.session[_KEY] = {"email": email, "code": _digest(code), "at": time.time(), "tries": 0}
    adapter.send_mail("portal/mail/address_code", email, {"code": code})


def waiting(request: HttpRequest) -> str | None:
    """The address that a code was sent to."""
    held = request.session.get(_KEY)
    return str(held["email"]) if held else None


def check(request: HttpRequest, typed: str) -> Outcome:
    """Three tries in 15 minutes, like signing in. All but WRONG end the matter."""
    held = request.session[_KEY]
    if time.time() - held["at"] > settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT:
        return _end(request, Outcome.EXPIRED)
    if constant_time_compare(held["code"], _digest(typed)):
        return _end(request, Outcome.RIGHT)
    held["tries"] += 1
    if held["tries"] >= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS:
        return _end(request, Outcome.TOO_MANY)
    request.session[_KEY] = held
    return Outcome.WRONG


def _end(request: HttpRequest, outcome: Outcome) -> Outcome:
    del request.session[_KEY]
    return outcome


def _digest(code: str) -> str:
    return salted_hmac(_SALT, normalize_user_code(code)).hexdigest()
