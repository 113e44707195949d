"""What the tests ask of the one person they are about; see conftest.py."""

import re
from datetime import UTC, datetime

from django.http import HttpResponse
from django.test import Client

from participants.models import Enrolment, Session
from scheduling import links
from scheduling.models import Kind, Prompt

WEEK_ONE = datetime(2026, 1, 8, 19, 0, tzinfo=UTC)


def prompt_of(person: Enrolment, week: int = 1, kind: str = Kind.SESSION) -> Prompt:
    return Prompt.objects.get(enrolment=person, kind=kind, occurrence=week, copy=0)


def token_of(person: Enrolment, week: int = 1) -> str:
    return links.token_for(prompt_of(person, week))


def session_of(person: Enrolment, week: int = 1) -> Session:
    return Session.objects.get(enrolment=person, module__week=week)


def shown_on(page: HttpResponse) -> str:
    """What the form of a previewed change carries along, unseen."""
    fields: list[str] = re.findall(r'name="shown" value="(\w+)"', page.content.decode())
    return fields[0]


def seen_and_saved(client: Client, path: str, asked: dict[str, object] | None = None):
    """The page that shows the change, then its button; the answer at the end of the way."""
    given = asked or {}
    page = client.get(path, {**given, "show": ""})
    return client.post(path, {**given, "save": "", "shown": shown_on(page)}, follow=True)


def break_ended(client: Client):
    page = client.get("/home/pause/")
    return client.post("/home/pause/", {"resume": "", "shown": shown_on(page)}, follow=True)
