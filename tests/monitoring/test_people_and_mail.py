"""What the list of people tells of mail that came back: of whom, and never from which address."""

import pytest
from django.test import Client

from participants.models import User
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import staff_client
from tests.monitoring.test_people import people, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return StudyFactory(slug="calm")


@pytest.fixture
def researcher(study: Study) -> Client:
    return staff_client(researcher_of=study)


def test_mail_that_comes_back_is_told_and_not_from_where(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    User.objects.filter(pk=person.user_id).update(address_failed_at=MONDAY)
    Prompt.objects.exclude(kind="session").delete()
    first = Prompt.objects.filter(occurrence=1)
    first.update(state="skipped", reason="address_failed", settled_at=MONDAY)

    told = row(researcher)

    assert (told[1], told[6]) == (
        "Emails come back",
        "Weekly session 1: Mail to the address comes back",
    )
    assert people(researcher)[0].latest_needs_a_look
    assert "example.org" not in str(told)


def test_mail_that_came_back_is_told_of_a_person_who_is_reached_again(
    study: Study, researcher: Client
) -> None:
    person = enrolled(study=study)
    Prompt.objects.exclude(kind="session").delete()
    PromptFactory(enrolment=person, kind="welcome", sent=True, bounced_at=MONDAY)

    told = row(researcher)

    assert (told[1], told[6]) == ("In training", "Welcome, with the dates: Came back")


def test_mail_that_was_called_spam_is_told(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    welcome = Prompt.objects.filter(kind="welcome")
    PromptFactory(enrolment=person, sent=True, complained_at=MONDAY)
    Rhythm.objects.update(mail_off_since=MONDAY)
    assert row(researcher)[1] == "Emails off: called spam"

    Rhythm.objects.update(mail_off_since=None)
    assert row(researcher)[1] == "In training"
    assert welcome.count() == 1


def test_mail_that_comes_back_from_one_person_is_told_of_no_other(
    study: Study, researcher: Client
) -> None:
    one, other = enrolled(study=study), enrolled(study=study)
    User.objects.filter(pk=one.user_id).update(address_failed_at=MONDAY)

    told = {each.enrolment.code: each.mail_comes_back for each in people(researcher)}

    assert told == {one.code: True, other.code: False}
