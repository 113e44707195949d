"""The staff's second step at signing in, for those who have no authenticator app at hand.

Each demonstration makes keys of its own, and shows to everybody what an app would: the code of the
half-minute that it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from demo.stories import EDITOR, RESEARCHER
from participants.models import User


@dataclass(frozen=True, kw_only=True)
class Code:
    """`now` is good for `seconds` more, then `following` is. `key` and `url` are for an app."""

    email: str
    now: str
    following: str
    seconds: int
    key: str
    url: str


def give_to_staff() -> None:
    """A key for each who has none, also where it was taken away since the last start."""
    for user in User.objects.filter(email__in=[RESEARCHER, EDITOR]):
        if not _keys_of([user.email]):
            totp.TOTP.activate(user, totp.generate_totp_secret())


def codes(*, now: datetime) -> list[Code]:
    """What the apps of the demonstration's staff would show."""
    return [_code(each, now) for each in _keys_of([RESEARCHER, EDITOR])]


def _keys_of(emails: Iterable[str]) -> list[Authenticator]:
    keys = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__email__in=[*emails])
    return list(keys.select_related("user").order_by("user"))


def _code(authenticator: Authenticator, now: datetime) -> Code:
    period, at = app_settings.TOTP_PERIOD, int(now.timestamp())
    key = get_adapter().decrypt(authenticator.data["secret"])
    return Code(
        email=authenticator.user.email,
        now=totp.format_hotp_value(totp.hotp_value(key, at // period)),
        following=totp.format_hotp_value(totp.hotp_value(key, at // period + 1)),
        seconds=period - at % period,
        key=key,
        url=get_adapter().build_totp_url(authenticator.user, key),
    )
