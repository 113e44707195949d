"""Recording in which arm somebody is, by those who may see arms."""

import pytest
from django.test import Client

from participants.models import Enrolment
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, invited
from tests.factories.scheduling import MONDAY
from tests.factories.studies import ArmFactory, ServiceFactory
from tests.monitoring_people.acting import do, recorded, said, see, told, was_done
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def unblinded(study: Study) -> Client:
    return holding(study, "manages", "sees_arm")


@pytest.fixture
def person(study: Study) -> Enrolment:
    ArmFactory(study=study, key="now", name="Training at once")
    ArmFactory(study=study, key="later", name="Waiting list")
    return EnrolmentFactory(study=study)


def test_arm_is_recorded_as_shown(unblinded: Client, person: Enrolment) -> None:
    page = see(unblinded, person, "arm", one="later")
    assert "They are recorded in “Waiting list” from now on." in said(page)
    person.refresh_from_db()
    assert person.arm is None

    assert was_done(do(unblinded, person, "arm", page, one="later"), person)
    person.refresh_from_db()
    assert (person.arm.key, person.allocated_at) == ("later", NOW)
    assert recorded(person) == [("allocate", "They rang", {"arm": "later", "before": ""})]
    assert told(unblinded, person) == ["The arm is recorded."]


def test_arm_is_corrected_and_the_former_one_stays_on_record(
    unblinded: Client, person: Enrolment
) -> None:
    do(unblinded, person, "arm", one="later")
    page = see(unblinded, person, "arm", one="now")
    assert "Until now it was “Waiting list”. That stays on record." in said(page)
    assert was_done(do(unblinded, person, "arm", page, one="now"), person)
    assert recorded(person)[1][2] == {"arm": "now", "before": "later"}


def test_arm_of_now_is_not_offered(unblinded: Client, person: Enrolment) -> None:
    do(unblinded, person, "arm", one="later")
    assert "Choose one of these." in said(see(unblinded, person, "arm", one="later"))


def test_arm_that_was_recorded_meanwhile_is_looked_at_again(
    unblinded: Client, person: Enrolment, study: Study
) -> None:
    page = see(unblinded, person, "arm", one="now")
    later = study.arms.get(key="later")
    Enrolment.objects.filter(pk=person.pk).update(arm=later, allocated_at=MONDAY)
    assert not was_done(do(unblinded, person, "arm", page, one="now"), person)
    assert recorded(person) == []


@pytest.mark.parametrize("one", ["", "other", "\x00"])
def test_arm_of_no_such_name_is_asked_for_again(
    unblinded: Client, person: Enrolment, one: str
) -> None:
    ArmFactory(key="other")  # of another study
    assert "Choose one of these." in said(see(unblinded, person, "arm", one=one))


def test_record_of_staff_tells_allocations_to_those_alone_who_may_see_arms(
    study: Study, unblinded: Client, person: Enrolment
) -> None:
    do(unblinded, person, "arm", one="later", why="Envelope 12: waiting list")
    blind = holding(study, "manages")
    blind_page, page = (
        each.get("/staff/calm/record/").content.decode() for each in (blind, unblinded)
    )
    assert ("Recorded the arm" in page, "waiting list" in page) == (True, True)
    assert ("Recorded the arm" in blind_page, "waiting list" in blind_page) == (False, False)


def test_who_has_not_agreed_is_in_no_arm(
    study: Study, unblinded: Client, person: Enrolment
) -> None:
    asked = invited(study=study)
    assert was_done(do(unblinded, asked, "arm", one="later"), asked)
    assert recorded(asked) == []


def test_study_without_arms_offers_none(study: Study) -> None:
    service = ServiceFactory(slug="warm")
    person = EnrolmentFactory(study=service)
    client = holding(service, "manages", "sees_arm")
    page = client.get(f"/staff/warm/people/{person.code}/")
    assert [offer for offer in page.context["offered"] if "/arm/" in offer.href] == []
