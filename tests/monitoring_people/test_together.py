"""Two of the staff, or the same one pressing twice, at once: each with their own connection."""

from collections import Counter
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from participants.models import Enrolment
from scheduling.models import Prompt
from studies.models import Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import PromptFactory, enrolled
from tests.factories.studies import ArmFactory
from tests.monitoring_people.acting import address, recorded, see
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import holding
from tests.scheduling.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = pytest.mark.parametrize("round_", range(4))
TUESDAY = {"weekday": "2", "local_time": "08:00", "zone": "Europe/London"}
FRIDAY = {**TUESDAY, "weekday": "5"}


def press_at_once(
    client: Client, person: Enrolment, action: str, *asked: dict[str, Any]
) -> Counter:
    """Each page was made before the first was sent. How often each status came."""
    pages = [
        {**each, "shown": see(client, person, action, **each).context["shown"]} for each in asked
    ]
    statuses: list[int] = []

    def sender(page: dict[str, Any]) -> Any:
        def send() -> None:
            own = Client()
            own.cookies = client.cookies
            answer = own.post(address(person, action), {**page, "why": "-", "asked_for": "on"})
            statuses.append(answer.status_code)

        return send

    at_once(*(sender(page) for page in pages))
    return Counter(statuses)


@ROUNDS
def test_mail_goes_again_once(study: Study, manager: Client, round_: int) -> None:
    person = EnrolmentFactory(study=study)
    failed = PromptFactory(enrolment=person, state="failed", settled_at=NOW)
    press_at_once(manager, person, "send-again", {"one": failed.pk}, {"one": failed.pk})
    assert Prompt.objects.filter(copy=1).count() == 1
    assert not Prompt.objects.filter(copy=2).exists()
    assert len(recorded(person)) == 1


@ROUNDS
def test_day_becomes_the_one_or_the_other_and_the_later_looks_again(
    study: Study, manager: Client, round_: int
) -> None:
    person = enrolled(study=study, now=NOW)
    statuses = press_at_once(manager, person, "move-day", TUESDAY, FRIDAY)
    person.rhythm.refresh_from_db()
    assert statuses == {302: 1, 200: 1}
    [(_kind, _why, details)] = recorded(person)
    assert details["to"]["weekday"] == person.rhythm.weekday


@ROUNDS
def test_arm_is_recorded_by_the_first(study: Study, round_: int) -> None:
    person = EnrolmentFactory(study=study)
    for key in ("now", "later"):
        ArmFactory(study=study, key=key)
    client = holding(study, "manages", "sees_arm")
    press_at_once(client, person, "arm", {"one": "now"}, {"one": "later"})
    person.refresh_from_db()
    [(_kind, _why, details)] = recorded(person)
    assert (details["arm"], details["before"]) == (person.arm.key, "")


@ROUNDS
def test_address_becomes_that_of_the_first(study: Study, round_: int) -> None:
    person = enrolled(study=study, user__email="ann@example.org")
    client = holding(study, "manages", "sees_identity")
    asked = [{"email": it, "again": it} for it in ("one@example.org", "two@example.org")]
    statuses = press_at_once(client, person, "address", *asked)
    assert statuses == {302: 1, 200: 1}
    assert len(recorded(person)) == 1
    assert [notice.to for notice in mail.outbox] == [["ann@example.org"]]


@ROUNDS
def test_person_leaves_once(study: Study, manager: Client, round_: int) -> None:
    person = enrolled(study=study, now=NOW)
    leaving = {"level": "everything"}
    press_at_once(manager, person, "withdraw", leaving, leaving)
    assert Prompt.objects.filter(kind="withdrawal").count() == 1
    assert len(recorded(person)) == 1
