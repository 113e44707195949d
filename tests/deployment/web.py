"""Asking nginx, in plain HTTP."""

import http.client
from dataclasses import dataclass

from django.conf import settings
from django.test import Client

from participants.models import User
from tests.deployment.processes import Machine


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    """By their names in small letters."""
    body: bytes

    def said(self, *names: str) -> dict[str, str]:
        return {name: self.headers[name] for name in names if name in self.headers}


def ask(
    machine: Machine,
    path: str,
    method: str = "GET",
    *,
    cookie: str = "",
    body: bytes | None = None,
    **headers: str,
) -> Answer:
    """`headers` with _ for -."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    line = http.client.HTTPConnection("localhost", machine.ports["http"], timeout=20)
    try:
        line.request(method, path, body, {**given, **({"Cookie": cookie} if cookie else {})})
        answer = line.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, said, answer.read())
    finally:
        line.close()


def cookie_of(user: User) -> str:
    """Signed in, without the sign-in pages."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"
