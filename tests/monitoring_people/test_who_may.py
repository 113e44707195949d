"""Who opens which page of a study's people, who is told that they may not, and what each changes."""

from typing import Any

import pytest
from django.test import Client

from monitoring.models import AccessLog, StaffAction
from participants.models import Enrolment, User
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.participants import invited
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.factories.studies import ArmFactory, StudyFactory
from tests.monitoring.staff import signed_in, staff_client
from tests.monitoring_people.shown import holding, main_of

pytestmark = pytest.mark.django_db

READ = ["", "people/", "people/{code}/"]
MANAGE = [
    *("record/", "record/identity/"),
    *(f"people/{{code}}/{name}/" for name in ("settle", "send-again", "move-day", "pause")),
    *(f"people/{{code}}/{name}/" for name in ("resume", "withdraw", "take-back")),
]
IDENTITY = ["people/{code}/identity/", "people/by-address/"]
BOTH = ["people/{code}/address/"]
ARM = ["people/{code}/arm/"]
EVERY = READ + MANAGE + IDENTITY + BOTH + ARM
ALL_RIGHTS = ("manages", "sees_identity", "sees_arm")
HARM = {
    "why": "Harm",
    "shown": "0" * 16,
    "weekday": "2",
    "local_time": "08:00",
    "zone": "Asia/Tokyo",
    "until": "2026-03-01",
    "level": "erasure",
    "asked_for": "on",
    "email": "harm@example.org",
    "one": "1",
}


@pytest.fixture
def person(study: Study) -> Enrolment:
    person = enrolled(study=study)
    ArmFactory(study=study, key="1")
    PromptFactory(enrolment=person, state="unconfirmed", attempted_at=MONDAY)
    return person


def everything() -> list[Any]:
    rows = [Enrolment, Prompt, Rhythm, StaffAction, AccessLog]
    emails = list(User.objects.order_by("pk").values_list("email", flat=True))
    return [*(list(model.objects.order_by("pk").values()) for model in rows), emails]


def answers(client: Client, address: str) -> list[int]:
    return [client.get(address).status_code, client.post(address, HARM).status_code]


def at(page: str, person: Enrolment) -> str:
    return f"/staff/calm/{page.format(code=person.code)}"


@pytest.mark.parametrize("page", EVERY)
def test_stranger_is_sent_to_sign_in_and_changes_nothing(person: Enrolment, page: str) -> None:
    before, address = everything(), at(page, person)
    response = Client().get(address)
    assert response["Location"] == f"/accounts/login/?next={address}"
    assert Client().post(address, HARM).status_code in {302, 405}
    assert everything() == before


@pytest.mark.parametrize("page", EVERY)
def test_participant_is_refused_even_of_themselves(person: Enrolment, page: str) -> None:
    client, before = signed_in(person.user), everything()
    assert set(answers(client, at(page, person))) <= {403, 405}
    assert client.get(at(page, person)).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("page", EVERY)
def test_researcher_of_another_study_finds_nothing(person: Enrolment, page: str) -> None:
    client, before = holding(StudyFactory(slug="warm"), *ALL_RIGHTS), everything()
    assert client.get(at(page, person)).status_code == 404
    assert client.post(at(page, person), HARM).status_code in {404, 405}
    assert everything() == before


@pytest.mark.parametrize("page", [page for page in EVERY if "{code}" in page])
def test_person_of_another_study_is_not_found_by_the_address_of_ones_own(
    study: Study, page: str
) -> None:
    elsewhere = enrolled(study=StudyFactory(slug="warm"))
    client, before = holding(study, *ALL_RIGHTS), everything()
    assert client.get(at(page, elsewhere)).status_code == 404
    assert client.post(at(page, elsewhere), HARM).status_code in {404, 405}
    assert everything() == before


@pytest.mark.parametrize(
    ("pages", "lacking", "sentence"),
    [
        (MANAGE + BOTH + ARM, "manages", "This page is for those who manage the study."),
        (IDENTITY + BOTH, "sees_identity", "for those who may look up who somebody is."),
        (ARM, "sees_arm", "This page is for those who may see arms."),
    ],
)
def test_who_lacks_a_right_is_told_which_and_changes_nothing(
    study: Study, person: Enrolment, pages: list[str], lacking: str, sentence: str
) -> None:
    client = holding(study, *(right for right in ALL_RIGHTS if right != lacking))
    before = everything()
    for page in pages:
        response = client.get(at(page, person))
        assert response.status_code == 403, page
        assert sentence in main_of(response)
        assert client.post(at(page, person), HARM).status_code in {403, 405}
    assert everything() == before


@pytest.mark.parametrize("by", ["team", "them"])
def test_invitation_is_ended_by_nobody_but_those_who_manage_its_study(
    study: Study, by: str
) -> None:
    asked = invited(study=study)
    address = at("people/{code}/take-back/", asked)
    strangers = [
        (holding(study, "sees_identity", "sees_arm"), 403),
        (holding(StudyFactory(slug="busy"), *ALL_RIGHTS), 404),
        (signed_in(enrolled(study=study).user), 403),
        (Client(), 302),
    ]
    before = everything()
    for client, status in strangers:
        told = {**HARM, "one": by}
        assert client.get(address, {**told, "show": ""}).status_code == status
        assert client.post(address, told).status_code == status
    assert everything() == before


@pytest.mark.parametrize("page", READ)
def test_researcher_without_a_further_right_reads_by_code_and_has_nothing_to_press(
    study: Study, researcher: Client, person: Enrolment, page: str
) -> None:
    response = researcher.get(at(page, person))
    main = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert response.status_code == 200
    assert 'method="post"' not in main
    for action in (*MANAGE, *IDENTITY, *BOTH, *ARM):
        assert f'href="{at(action, person)}' not in main


@pytest.mark.parametrize("page", MANAGE)
def test_whoever_manages_comes_to_each_page(manager: Client, person: Enrolment, page: str) -> None:
    """Or is led back to the person, where there is nothing of that kind to do."""
    assert manager.get(at(page, person)).status_code in {200, 302}


def test_superuser_has_every_right(person: Enrolment) -> None:
    client = staff_client(superuser=True)
    for page in (*READ, *BOTH, *ARM, "people/{code}/move-day/", "record/"):
        assert client.get(at(page, person)).status_code == 200


@pytest.mark.parametrize("page", [*READ, "record/", "record/identity/"])
def test_pages_that_only_show_take_no_post(person: Enrolment, page: str) -> None:
    assert staff_client(superuser=True).post(at(page, person), HARM).status_code == 405


@pytest.mark.parametrize("page", ["people/{code}/delete/", "people/XXX-XXX/", "people/x/pause/"])
def test_what_is_not_there_is_not_found(person: Enrolment, page: str) -> None:
    assert staff_client(superuser=True).get(at(page, person)).status_code == 404


def test_code_may_be_typed_in_small_letters(researcher: Client, person: Enrolment) -> None:
    assert researcher.get(f"/staff/calm/people/{person.code.lower()}/").status_code == 200


@pytest.mark.parametrize("page", EVERY)
def test_looking_alone_changes_nothing(study: Study, person: Enrolment, page: str) -> None:
    client, before = holding(study, *ALL_RIGHTS), everything()
    client.get(at(page, person))
    client.get(at(page, person), {**HARM, "show": ""})
    assert everything() == before


def test_links_lead_to_what_opens(study: Study, person: Enrolment, researcher: Client) -> None:
    def places(client: Client) -> list[str]:
        page = client.get("/staff/calm/people/").content.decode()
        nav = page.split('<nav class="places"')[1].split("</nav>")[0]
        return [part.split('"')[0] for part in nav.split('href="')[1:]]

    invited(study=study)
    seen = places(researcher)
    assert {researcher.get(each).status_code for each in seen} == {200}
    assert "/staff/calm/record/" not in seen
    managed = places(holding(study, "manages"))
    assert set(seen) < set(managed)
    assert "/staff/calm/record/" in managed


def test_offers_follow_from_the_rights(study: Study, person: Enrolment) -> None:
    def offered(*rights: str) -> list[str]:
        page = holding(study, *rights).get(at(READ[2], person))
        return [offer.href.split("/")[-2] for offer in page.context["offered"]]

    assert offered("sees_identity", "sees_arm") == []
    plain = ["settle", "send-again", "move-day", "pause", "withdraw"]
    assert offered("manages") == plain
    assert offered(*ALL_RIGHTS) == [*plain[:4], "arm", "address", "withdraw"]
