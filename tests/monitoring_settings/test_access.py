"""Who reads a study's settings, who changes them, and who does not learn that they are there."""

from typing import Any

import pytest
from django.test import Client

from monitoring.models import StaffAction
from studies.models import Document, Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.studies import DocumentFactory, StudyFactory
from tests.monitoring.staff import signed_in, staff_client
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import text_of

pytestmark = pytest.mark.django_db

READ = ["", "documents/consent/", "documents/consent/1/", "documents/information/1/"]
CHANGE = [
    *("names/", "team/", "recruiting/", "weeks/", "keeping/"),
    *("eligibility/", "arms/", "open/", "close/", "archive/"),
    *("documents/consent/draft/", "documents/consent/draft/publish/"),
    *("documents/consent/draft/delete/", "documents/information/new/"),
]
HARM = {"do": "save", "public_name": "Changed", "anew": "no", "title": "Changed", "body": "Changed"}


@pytest.fixture(autouse=True)
def a_draft(study: Study) -> Document:
    return DocumentFactory(study=study, kind="consent", statements={"read": True})


def everything() -> list[Any]:
    return [
        list(Study.objects.order_by("pk").values()),
        list(Document.objects.order_by("pk").values()),
        StaffAction.objects.count(),
    ]


def at(part: str) -> str:
    return f"/staff/calm/settings/{part}"


@pytest.mark.parametrize("part", READ + CHANGE)
def test_stranger_is_sent_to_sign_in_and_changes_nothing(part: str) -> None:
    before = everything()
    for response in (Client().get(at(part)), Client().post(at(part), HARM)):
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={at(part)}"
    assert everything() == before


@pytest.mark.parametrize("part", READ + CHANGE)
def test_participant_is_refused(study: Study, part: str) -> None:
    client, before = signed_in(EnrolmentFactory(study=study).user), everything()
    for response in (client.get(at(part)), client.post(at(part), HARM)):
        assert response.status_code == 403
    assert everything() == before


@pytest.mark.parametrize("part", READ + CHANGE)
def test_manager_of_another_study_finds_nothing(part: str) -> None:
    client, before = managing(StudyFactory()), everything()
    for response in (client.get(at(part)), client.post(at(part), HARM)):
        assert response.status_code == 404
    assert everything() == before


@pytest.mark.parametrize("part", CHANGE)
def test_researcher_who_does_not_manage_is_told_so(reader: Client, part: str) -> None:
    before = everything()
    for response in (reader.get(at(part)), reader.post(at(part), HARM)):
        assert response.status_code == 403
        assert "This page is for those who manage the study." in text_of(response)
    assert everything() == before


@pytest.mark.parametrize("part", READ)
def test_researcher_who_does_not_manage_reads_with_nothing_to_press(
    reader: Client, part: str
) -> None:
    page = reader.get(at(part))
    assert page.status_code == 200
    main = page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert "<form" not in main
    for change in CHANGE:
        assert f'href="{at(change)}' not in main


def test_editor_without_a_study_finds_nothing(study: Study) -> None:
    assert staff_client(staff=True).get(at("")).status_code == 404


@pytest.mark.parametrize("part", ["", "names/", "documents/consent/draft/"])
def test_superuser_manages_every_study(study: Study, part: str) -> None:
    assert staff_client(superuser=True).get(at(part)).status_code == 200


@pytest.mark.parametrize(
    "part",
    [
        *("nothing/", "documents/nothing/", "documents/consent/9/", "documents/privacy/draft/"),
        *("documents/privacy/draft/publish/", "documents/privacy/draft/delete/"),
    ],
)
def test_what_is_not_there_is_not_found(manager: Client, part: str) -> None:
    assert manager.get(at(part)).status_code == 404
    assert manager.post(at(part), HARM).status_code in {404, 405}


def test_a_new_version_is_not_made_by_looking(manager: Client) -> None:
    before = everything()
    response = manager.get(at("documents/information/new/"))
    assert (response.status_code, response["Location"]) == (302, at("documents/information/"))
    assert everything() == before
