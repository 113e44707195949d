"""Each staff page opens to those it is for, and says so to the others."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from studies.models import Study
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.scheduling import enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client, with_second_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    return StudyFactory(slug="calm")


@pytest.fixture
def researcher(study: Study) -> Client:
    return staff_client(researcher_of=study)


def test_stranger_is_sent_to_sign_in_and_back(study: Study) -> None:
    response = Client().get("/staff/calm/?sort=code")

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/staff/calm/%3Fsort%3Dcode"


@pytest.mark.parametrize("page", ["/staff/", "/staff/calm/", "/staff/styleguide/"])
def test_participant_is_refused(study: Study, page: str) -> None:
    client = signed_in(enrolled(study=study).user)

    assert client.get(page).status_code == 403


def test_researcher_of_another_study_finds_nothing(study: Study) -> None:
    assert staff_client(researcher_of=StudyFactory()).get("/staff/calm/").status_code == 404


def test_editor_without_a_study_finds_nothing_there(study: Study) -> None:
    assert staff_client(staff=True).get("/staff/calm/").status_code == 404


def test_superuser_sees_every_study(study: Study) -> None:
    StudyFactory()
    client = staff_client(superuser=True)

    assert client.get("/staff/calm/").status_code == 200
    assert len(client.get("/staff/").context["studies"]) == 2


def test_researcher_whose_right_was_taken_away_is_refused(study: Study, researcher: Client) -> None:
    study.researchers.all().delete()

    assert researcher.get("/staff/calm/").status_code == 403


@pytest.mark.parametrize("page", ["/staff/calm/", "/staff/styleguide/"])
def test_link_to_the_admin_is_for_those_whom_it_opens_to(
    study: Study, researcher: Client, page: str
) -> None:
    editor = UserFactory(researcher_of=study, staff=True)

    for client, is_shown in [(researcher, False), (signed_in(with_second_step(editor)), True)]:
        assert ('href="/admin/"' in client.get(page).content.decode()) is is_shown
    assert researcher.get("/admin/").status_code == 302


# The first page


def test_researcher_of_one_study_goes_straight_to_it(researcher: Client) -> None:
    response = researcher.get("/staff/")

    assert (response.status_code, response["Location"]) == (302, "/staff/calm/")


def test_researcher_of_two_studies_chooses(study: Study) -> None:
    other = StudyFactory(slug="warm", public_name="A warm study")
    user = with_second_step(UserFactory(researcher_of=study))
    other.researchers.create(user=user)
    StudyFactory()
    EnrolmentFactory(study=other)
    EnrolmentFactory(study=other, is_test=True)

    shown = signed_in(user).get("/staff/").context["studies"]

    assert [(each.slug, each.people) for each in shown] == [("warm", 1), ("calm", 0)]


def test_editor_without_a_study_is_told_so_and_shown_the_admin() -> None:
    user = with_second_step(UserFactory(staff=True))
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="courses"))

    html = signed_in(user).get("/staff/").content.decode()

    assert "you are named as a researcher of no study" in html
    assert 'class="btn" href="/admin/"' in html


def test_style_guide_is_open_to_any_staff() -> None:
    assert staff_client(staff=True).get("/staff/styleguide/").status_code == 200
