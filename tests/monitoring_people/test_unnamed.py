"""What staff write beside an action is kept for good: it names nobody, and managers alone read it."""

import pytest
from django.test import Client

from monitoring.models import AccessLog
from participants.models import Enrolment
from studies.models import Study
from tests.factories.scheduling import enrolled
from tests.monitoring_people.acting import do, recorded, said, was_done
from tests.monitoring_people.shown import holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(study: Study) -> Enrolment:
    return enrolled(study=study)


def test_address_is_refused(manager: Client, person: Enrolment) -> None:
    page = do(manager, person, "pause", until="2026-02-03", why="Ann ann@example.org rang")
    assert "it may name nobody" in said(page)
    assert recorded(person) == []


def test_typed_name_is_refused_to_those_who_may_know_it(study: Study, person: Enrolment) -> None:
    keeper = holding(study, "manages", "sees_identity")
    page = do(keeper, person, "pause", until="2026-02-03", why="Demo  person rang")
    assert "it may name nobody" in said(page)
    assert recorded(person) == []
    assert {look.why for look in AccessLog.objects.filter(enrolment=person)} == {""}


def test_nobody_finds_out_a_name_by_trying(manager: Client, person: Enrolment) -> None:
    asked = {"until": "2026-02-03", "why": "Demo Person"}
    assert was_done(do(manager, person, "pause", **asked), person)
    assert not AccessLog.objects.exists()


def test_why_is_read_by_those_who_manage_the_study(
    study: Study, manager: Client, researcher: Client, person: Enrolment
) -> None:
    do(manager, person, "pause", until="2026-02-03", why="On a journey")
    pages = [client.get(f"/staff/calm/people/{person.code}/") for client in (manager, researcher)]
    assert ["On a journey" in page.content.decode() for page in pages] == [True, False]
    assert ["Began a break" in page.content.decode() for page in pages] == [True, True]
