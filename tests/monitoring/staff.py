"""Members of staff, signed in with their second step behind them."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from participants.models import User
from tests.factories.participants import UserFactory


def with_second_step(user: User) -> User:
    """As if `user` had set up an authenticator app."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def staff_client(**traits: Any) -> Client:
    """`researcher_of=study`, `staff=True` or `superuser=True`; all have their second step."""
    return signed_in(with_second_step(UserFactory(**traits)))
