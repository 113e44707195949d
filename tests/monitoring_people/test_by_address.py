"""Somebody writes from their address, and is to be found: the code and nothing else, on record."""

import pytest
from django.test import Client

from monitoring.models import AccessLog
from participants.models import Enrolment
from studies.models import Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import MONDAY
from tests.factories.studies import StudyFactory
from tests.monitoring_people.conftest import NOW
from tests.monitoring_people.shown import LIST, holding, main_of

pytestmark = pytest.mark.django_db

PAGE = f"{LIST}by-address/"
WHY = "Asks to be taken out"


@pytest.fixture
def keeper(study: Study) -> Client:
    return holding(study, "sees_identity")


@pytest.fixture
def ann(study: Study) -> Enrolment:
    EnrolmentFactory(study=study)
    return EnrolmentFactory(study=study, user__email="ann@example.org")


@pytest.mark.parametrize("typed", ["ann@example.org", " Ann@EXAMPLE.org "])
def test_address_leads_to_the_code_and_is_on_record(
    keeper: Client, ann: Enrolment, typed: str
) -> None:
    page = keeper.post(PAGE, {"email": typed, "why": WHY})

    assert f'href="{LIST}{ann.code}/"' in page.content.decode()
    assert page.content.decode().count('class="code"') == 1
    assert "ann@" not in page.content.decode().lower()
    assert "Demo Person" not in page.content.decode()
    [look] = AccessLog.objects.all()
    assert (look.enrolment, look.at, look.why) == (ann, NOW, WHY)
    assert "no-store" in page["Cache-Control"]


def test_who_joined_twice_is_found_twice_and_nobody_by_a_part(
    keeper: Client, study: Study, ann: Enrolment
) -> None:
    Enrolment.objects.filter(pk=ann.pk).update(
        status="withdrawn", withdrawal="training", withdrawn_at=MONDAY
    )
    again = EnrolmentFactory(study=study, user=ann.user)
    found = keeper.post(PAGE, {"email": "ann@example.org", "why": WHY}).context["found"]
    assert [person.code for person in found] == [again.code, ann.code]
    assert AccessLog.objects.count() == 2

    page = keeper.post(PAGE, {"email": "nn@example.org", "why": WHY})
    assert "Nobody in this study has this address now." in main_of(page)
    assert AccessLog.objects.count() == 2


def test_nobody_of_another_study_is_found(keeper: Client, study: Study) -> None:
    EnrolmentFactory(study=StudyFactory(), user__email="bea@example.org")
    page = keeper.post(PAGE, {"email": "bea@example.org", "why": WHY})
    assert (page.context["found"], AccessLog.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"email": "ann@example.org"}, "Say why you look"),
        ({"email": "ann@example.org", "why": "  "}, "Say why you look"),
        ({"email": "ann@example.org", "why": "ann@example.org wrote"}, "it may name nobody"),
        ({"email": "ann", "why": WHY}, "This is not an email address."),
        ({"why": WHY}, "Write the address"),
    ],
)
def test_without_a_whole_question_nothing_is_shown_or_recorded(
    keeper: Client, ann: Enrolment, asked: dict[str, str], said: str
) -> None:
    page = keeper.post(PAGE, asked)
    assert said in main_of(page)
    assert ann.code not in main_of(page)
    assert not AccessLog.objects.exists()


def test_trying_a_name_with_an_address_shows_nothing_and_is_recorded(
    keeper: Client, ann: Enrolment
) -> None:
    page = keeper.post(PAGE, {"email": "ann@example.org", "why": "demo person wrote"})
    assert "it may name nobody" in main_of(page)
    assert ann.code not in main_of(page)
    assert [(look.enrolment, look.why) for look in AccessLog.objects.all()] == [(ann, "")]


def test_an_address_in_the_line_of_the_browser_finds_nobody(keeper: Client, ann: Enrolment) -> None:
    page = keeper.get(PAGE, {"email": "ann@example.org", "why": WHY})
    assert ann.code not in page.content.decode()
    assert not AccessLog.objects.exists()


def test_the_way_there_is_for_those_with_the_right(
    keeper: Client, manager: Client, ann: Enrolment
) -> None:
    assert PAGE in keeper.get(LIST).content.decode()
    assert PAGE not in manager.get(LIST).content.decode()
    for ask in (manager.get, manager.post):
        assert ask(PAGE, {"email": "ann@example.org", "why": WHY}).status_code == 403
    assert not AccessLog.objects.exists()
