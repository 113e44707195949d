"""An action as staff go through it: what they choose, what they are shown, and the button."""

from typing import Any

from django.test import Client

from monitoring.models import StaffAction
from participants.models import Enrolment
from tests.monitoring_people.shown import main_of


def address(person: Enrolment, action: str) -> str:
    return f"/staff/calm/people/{person.code}/{action}/"


def see(client: Client, person: Enrolment, action: str, **asked: Any) -> Any:
    """What will happen, if `asked` is enough to say so."""
    return client.get(address(person, action), {**asked, "show": ""})


def do(client: Client, person: Enrolment, action: str, page: Any = None, **given: Any) -> Any:
    """By the page that shows it (`page`, or as it is now). `given`: what is asked and written."""
    seen = see(client, person, action, **given) if page is None else page
    shown = (seen.context or {}).get("shown", "")
    return client.post(address(person, action), {"why": "They rang", "shown": shown, **given})


def was_done(response: Any, person: Enrolment) -> bool:
    """Whoever did it is back on the person's page."""
    home = f"/staff/calm/people/{person.code}/"
    return response.status_code == 302 and response["Location"] == home


def recorded(person: Enrolment) -> list[tuple[str, str, dict[str, Any]]]:
    actions = StaffAction.objects.filter(enrolment=person).order_by("pk")
    return [(action.kind, action.why, action.details) for action in actions]


def said(response: Any) -> str:
    return main_of(response)


def told(client: Client, person: Enrolment) -> list[str]:
    """What the person's page says of what was just done."""
    page = client.get(f"/staff/calm/people/{person.code}/")
    return [str(message) for message in page.context["messages"]]
