"""A code to a new address, kept in the session as a digest until it is typed in.

The code goes out whether or not the address belongs to somebody here; that shows after the code,
to a person who has proven that they read the mail there.
"""

import time
from enum import Enum, auto

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from portal import sign_in_codes

_KEY = "new_address"


class Outcome(Enum):
    RIGHT = auto()
    WRONG = auto()
    TOO_MANY = auto()
    EXPIRED = auto()


def send_code(request: HttpRequest, email: str) -> None:
    adapter = get_adapter(request)
    code = adapter.generate_login_code()
    request.session[_KEY] = {"email": email, "code": code, "at": time.time(), "tries": 0}
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
    if sign_in_codes.fits(typed=typed, kept=held["code"]):
        return _end(request, Outcome.RIGHT)
    held["tries"] += 1
    if held["tries"] >= settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS:
        return _end(request, Outcome.TOO_MANY)
    request.session[_KEY] = held
    return Outcome.WRONG


def _end(request: HttpRequest, outcome: Outcome) -> Outcome:
    del request.session[_KEY]
    return outcome
