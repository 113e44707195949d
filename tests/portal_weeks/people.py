"""What the tests ask of the one person they are about; see conftest.py."""

from datetime import UTC, datetime

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
