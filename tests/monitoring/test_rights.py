"""The three rights beside seeing a study's people by code, and what each decorator says."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from monitoring.access import (
    ResearcherRequest,
    Rights,
    managing,
    researcher_required,
    rights,
    seeing_arms,
    seeing_identity,
)
from studies.models import Study
from tests.factories.participants import UserFactory
from tests.factories.scheduling import enrolled
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client, with_second_step

pytestmark = pytest.mark.django_db


def answer(request: ResearcherRequest, study: Study, code: str) -> HttpResponse:
    return HttpResponse(f"{study.slug} {code} {request.rights}")


urlpatterns = [
    path("<slug:study>/seen/<code>/", researcher_required(answer)),
    path("<slug:study>/managed/<code>/", researcher_required(managing(answer))),
    path("<slug:study>/named/<code>/", researcher_required(seeing_identity(answer))),
    path("<slug:study>/arms/<code>/", researcher_required(seeing_arms(answer))),
    path(
        "<slug:study>/managed-and-named/<code>/",
        researcher_required(managing(seeing_identity(answer))),
    ),
    path("", include("training_platform.urls")),
]

EVERY_PAGE = ["seen", "managed", "named", "arms", "managed-and-named"]


@pytest.fixture(autouse=True)
def pages_of_these_tests() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def study() -> Study:
    return StudyFactory(slug="calm")


def answers(client: Client) -> dict[str, int]:
    return {page: client.get(f"/calm/{page}/K7P-4MD/").status_code for page in EVERY_PAGE}


@pytest.mark.parametrize(
    ("held", "opened"),
    [
        ({}, {"seen"}),
        ({"manages": True}, {"seen", "managed"}),
        ({"sees_identity": True}, {"seen", "named"}),
        ({"sees_arm": True}, {"seen", "arms"}),
        (
            {"manages": True, "sees_identity": True},
            {"seen", "managed", "named", "managed-and-named"},
        ),
    ],
)
def test_each_right_opens_its_own_pages(
    study: Study, held: dict[str, bool], opened: set[str]
) -> None:
    given = {f"researcher_of__{name}": value for name, value in held.items()}
    client = staff_client(researcher_of=study, **given)

    assert answers(client) == {page: 200 if page in opened else 403 for page in EVERY_PAGE}


def test_superuser_has_every_right(study: Study) -> None:
    client = staff_client(superuser=True)

    assert answers(client) == dict.fromkeys(EVERY_PAGE, 200)
    assert client.get("/calm/seen/K7P-4MD/").content.decode() == (
        "calm K7P-4MD Rights(identity=True, arm=True, manages=True)"
    )


def test_stranger_participant_and_researcher_of_another_study_come_nowhere(study: Study) -> None:
    every_right = {f"researcher_of__{name}": True for name in ("manages", "sees_identity")}
    elsewhere = staff_client(researcher_of=StudyFactory(), **every_right)

    assert answers(Client()) == dict.fromkeys(EVERY_PAGE, 302)
    assert answers(signed_in(enrolled(study=study).user)) == dict.fromkeys(EVERY_PAGE, 403)
    assert answers(elsewhere) == dict.fromkeys(EVERY_PAGE, 404)


def test_rights_hold_for_one_study_alone(study: Study) -> None:
    other = StudyFactory()
    user = with_second_step(UserFactory(researcher_of=study, researcher_of__manages=True))
    other.researchers.create(user=user, sees_arm=True)

    assert rights(user, study) == Rights(manages=True)
    assert rights(user, other) == Rights(arm=True)
    assert rights(user, StudyFactory()) == Rights()
    assert signed_in(user).get(f"/{other.slug}/managed/K7P-4MD/").status_code == 403


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("managed", "This page is for those who manage the study."),
        ("named", "This page is for those who may look up who somebody is."),
        ("arms", "This page is for those who may see arms."),
    ],
)
def test_whoever_lacks_a_right_is_told_which_and_the_way_back(
    study: Study, page: str, sentence: str
) -> None:
    html = staff_client(researcher_of=study).get(f"/calm/{page}/K7P-4MD/").content.decode()

    assert sentence in html
    assert "gives that right, study by study" in html
    assert 'href="/staff/calm/"' in html


def test_page_of_a_study_is_kept_by_no_browser(study: Study) -> None:
    page = staff_client(researcher_of=study).get("/calm/seen/K7P-4MD/")

    assert "no-store" in page["Cache-Control"]


def test_researcher_without_a_second_step_sets_it_up_first(study: Study) -> None:
    client = signed_in(UserFactory(researcher_of=study, researcher_of__manages=True))

    assert answers(client) == dict.fromkeys(EVERY_PAGE, 302)
