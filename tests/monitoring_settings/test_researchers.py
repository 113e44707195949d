"""Who has access to a study is said on its settings page, as an ethics committee asks."""

import re

import pytest
from django.test import Client

from participants.models import User
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import staff_client
from tests.monitoring_people.shown import holding
from tests.monitoring_settings.pages import text_of

pytestmark = pytest.mark.django_db

PAGE = "/staff/calm/settings/"


def access(client: Client) -> str:
    words = text_of(client.get(PAGE))
    [found] = re.findall(r"Who has access (.*) Latest changes", words)
    return str(found)


@pytest.fixture
def colleague(study: Study) -> User:
    user: User = UserFactory(email="rea@example.org", researcher_of=study)
    user.studies_researched.update(sees_identity=True, sees_arm=True)
    UserFactory(email="other@example.org", researcher_of=StudyFactory())
    EnrolmentFactory(study=study)
    return user


def test_each_is_told_with_their_rights_and_by_number(
    colleague: User, study: Study, manager: Client
) -> None:
    assert access(manager) == (
        f"colleague {colleague.pk} Sees people by code, may look up who somebody is, sees arms. "
        "you Sees people by code, manages the study. "
        "Those who look after this platform see every study besides. "
        "They name researchers and give rights: ask them."
    )
    assert "rea@example.org" not in manager.get(PAGE).content.decode()


def test_who_may_look_people_up_reads_addresses(colleague: User, study: Study) -> None:
    words = access(holding(study, "sees_identity"))
    assert "rea@example.org Sees people by code, may look up who somebody is, sees arms." in words
    assert "other@example.org" not in words


def test_superuser_is_led_to_where_researchers_are_named(colleague: User) -> None:
    page = staff_client(superuser=True).get(PAGE)
    link = '<a href="/admin/participants/user/">Name a researcher, or give a right</a>'
    assert link in page.content.decode()


def test_study_without_researchers_says_so(study: Study) -> None:
    words = text_of(staff_client(superuser=True).get(PAGE))
    assert "Who has access Nobody is named as a researcher of this study." in words
