"""The page Enrol: the public link, counts by source, and one invitation."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.enrol import sources
from monitoring.models import StaffAction
from participants.models import Enrolment, User
from scheduling.models import Prompt
from studies.models import Study
from studies.services import tally_screening
from tests.factories.participants import EnrolmentFactory, UserFactory, decline, invited
from tests.factories.scheduling import MONDAY
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client
from tests.monitoring_settings.pages import fields_of, said, send, text_of
from tests.portal_joining.walk import Joiner, form_of

pytestmark = pytest.mark.django_db

ENROL = "/staff/calm/enrol/"
PAGES = [ENROL, f"{ENROL}csv/"]
HARM = {"email": "ann@example.org", "once": str(uuid4()), "packed": "x"}


def everything() -> list[Any]:
    models = (User, Enrolment, Prompt, StaffAction)
    return [list(model.objects.order_by("pk").values()) for model in models]


# --- who may


@pytest.mark.parametrize("address", PAGES)
def test_stranger_is_sent_to_sign_in(study: Study, address: str) -> None:
    for response in (Client().get(address), Client().post(address, HARM)):
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={address}"
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize("address", PAGES)
def test_participant_is_refused(study: Study, address: str) -> None:
    client = signed_in(EnrolmentFactory(study=study).user)
    before = everything()
    assert [client.get(address).status_code, client.post(address, HARM).status_code] == [403, 403]
    assert everything() == before


@pytest.mark.parametrize("address", PAGES)
def test_manager_of_another_study_finds_nothing(study: Study, address: str) -> None:
    client = staff_client(researcher_of=StudyFactory(), researcher_of__manages=True)
    before = everything()
    assert [client.get(address).status_code, client.post(address, HARM).status_code] == [404, 404]
    assert everything() == before


@pytest.mark.parametrize("address", PAGES)
def test_researcher_who_does_not_manage_is_told_so(study: Study, address: str) -> None:
    rights = {"researcher_of__sees_identity": True, "researcher_of__sees_arm": True}
    client = staff_client(researcher_of=study, **rights)
    before = everything()
    for response in (client.get(address), client.post(address, HARM)):
        assert response.status_code == 403
        assert "This page is for those who manage the study." in text_of(response)
    assert everything() == before
    assert f'href="{ENROL}"' not in client.get("/staff/calm/").content.decode()


def test_managers_find_the_page_from_the_others(manager: Client) -> None:
    assert f'href="{ENROL}"' in manager.get("/staff/calm/").content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_looking_changes_nothing(manager: Client, address: str) -> None:
    before = everything()
    assert manager.get(address, {"source": "clinic"}).status_code == 200
    assert manager.put(address).status_code == 405
    assert everything() == before


# --- the link


def test_link_is_the_public_page(manager: Client) -> None:
    page = manager.get(ENROL)
    assert page.context["link"] == "http://testserver/join/calm/"
    assert Client().get("/join/calm/").status_code == 200


def test_link_carries_the_source_as_it_is_counted(manager: Client) -> None:
    page = manager.get(ENROL, {"source": "  Face Book "})
    assert page.context["link"] == "http://testserver/join/calm/?from=face-book"
    assert "The link for face-book" in text_of(page)
    joining = Client().get("/join/calm/", {"from": "face-book"})
    assert joining.context["source"] == "face-book"


@pytest.mark.parametrize("source", ["!!!", "x" * 51])
def test_source_that_is_none_is_said(manager: Client, source: str) -> None:
    page = manager.get(ENROL, {"source": source})
    assert page.context["link"] == "http://testserver/join/calm/"
    assert page.context["link_form"].errors
    assert "One thing needs another look" in text_of(page)


# --- by source


def test_each_source_is_counted(manager: Client, study: Study) -> None:
    for source, unmet, times in (("facebook", "", 3), ("facebook", "adult", 2), ("", "", 1)):
        for _ in range(times):
            tally_screening(study=study, source=source, unmet=unmet, now=MONDAY)
    for source in ("facebook", "clinic", "clinic"):
        EnrolmentFactory(study=study, source=source)
    EnrolmentFactory(study=study, source="clinic", is_test=True)
    invited(study=study, source="clinic")
    decline(enrolment=invited(study=study, source="letter"), now=MONDAY)
    EnrolmentFactory(source="another-study")

    table = [
        (one.name, one.met, one.unmet, one.joined, one.invited, one.unjoined)
        for one in manager.get(ENROL).context["sources"]
    ]
    assert table == [
        ("clinic", 0, 0, 2, 1, 0),
        ("facebook", 3, 2, 1, 0, 0),
        ("", 1, 0, 0, 0, 0),
        ("letter", 0, 0, 0, 0, 1),
    ]


def test_somebody_who_answers_and_joins_by_a_link_is_counted_there(
    manager: Client, study: Study
) -> None:
    ann = Joiner(Client(), study)
    reading = ann.client.get(sources.link(study, "leaflet-2"))
    ann.client.post(ann.url("join"), form_of(reading))
    ann.answer_all()
    ann.sign_in()
    ann.agree()
    one = manager.get(ENROL).context["sources"][0]
    assert (one.name, one.met, one.joined) == ("leaflet-2", 1, 1)


def test_sources_that_anybody_can_type_do_not_flood_the_page(manager: Client, study: Study) -> None:
    for number in range(103):
        tally_screening(study=study, source=f"junk-{number}", unmet="", now=MONDAY)
    page = manager.get(ENROL)
    assert len(page.context["sources"]) == 100
    assert "3 more sources are not shown." in text_of(page)


# --- one invitation


def invite(client: Client, **fields: Any) -> Any:
    return send(client, ENROL, **{"email": "ann@example.org", **fields})


def test_one_person_is_invited(manager: Client, study: Study) -> None:
    response = invite(manager, source="Clinic", weekday="4", local_time="19:00")
    assert (response.status_code, response["Location"]) == (302, ENROL)
    assert said(manager.get(ENROL)) == ["They are invited. The mail goes within a minute."]

    ann = Enrolment.objects.get()
    by = ann.invitation.invited_by
    assert (ann.status, ann.user.email, ann.source) == ("invited", "ann@example.org", "clinic")
    assert (ann.invitation.weekday, ann.invitation.zone) == (4, "Europe/London")
    assert sorted(ann.prompts.values_list("kind", flat=True)) == ["invitation", "reminder"]
    action = StaffAction.objects.get()
    assert (action.kind, action.by, action.enrolment) == ("invite", by, None)
    assert (action.details["people"], action.details["list"]) == (1, False)


def test_without_a_day_none_is_kept(manager: Client) -> None:
    invite(manager)
    invitation = Enrolment.objects.get().invitation
    assert (invitation.weekday, invitation.local_time, invitation.zone) == (None, None, "")


def test_page_never_says_which_code_an_address_was_given(manager: Client) -> None:
    invite(manager)
    page = manager.get(ENROL).content.decode()
    assert Enrolment.objects.get().code not in page
    assert "ann@example.org" not in page


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"email": ""}, "email", "Type the person’s email address."),
        ({"email": "ann"}, "email", "Check the address. It looks like name@example.org."),
        ({"weekday": "4"}, "local_time", "Choose the hour too, or no day."),
        ({"local_time": "19:00"}, "weekday", "Choose the day too, or no hour."),
        ({"weekday": "9"}, "weekday", "Choose one of the seven days."),
        ({"local_time": "19:30"}, "local_time", "Choose one of the times in the list."),
        ({"zone": "Nowhere"}, "zone", "Choose one of the places in the list."),
        (
            {"weekday": "4", "local_time": "19:00", "zone": ""},
            "zone",
            "Choose the place whose clock they live by.",
        ),
        ({"source": "???"}, "source", "A source is a short word, such as clinic or leaflet-2."),
        (
            {"source": "Ann Smith"},
            "source",
            "A source is a short word, such as clinic or leaflet-2.",
        ),
        ({"once": "x"}, "once", "Enter a valid UUID."),
    ],
)
def test_what_is_wrong_is_said_and_nobody_invited(
    manager: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = invite(manager, **fields)
    assert page.status_code == 200
    assert page.context["form"].errors == {field: [sentence]}
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("invited", "This person has been invited already."),
        ("enrolled", "This person is or was enrolled in this study already."),
        ("declined", "This person asked not to be invited."),
    ],
)
def test_who_cannot_be_invited_is_said(
    manager: Client, study: Study, state: str, sentence: str
) -> None:
    user = UserFactory(email="ann@example.org")
    if state == "enrolled":
        EnrolmentFactory(study=study, user=user)
    else:
        person = invited(study=study, user=user)
        if state == "declined":
            decline(enrolment=person, now=MONDAY)
    page = invite(manager, email="Ann@Example.org")
    assert page.context["form"].errors == {"email": [sentence]}
    assert Enrolment.objects.count() == 1


def test_closed_study_invites_nobody(manager: Client) -> None:
    Study.objects.update(state="closed")
    page = invite(manager)
    assert page.context["form"].non_field_errors() == [
        "Nobody can join this study at the moment. Open it first."
    ]
    assert "nobody can be invited." in text_of(page)
    assert not Enrolment.objects.exists()


def test_study_without_a_place_says_so_and_invites_nobody(manager: Client, study: Study) -> None:
    Study.objects.update(capacity=1)
    assert "Every place is taken" not in text_of(manager.get(ENROL))
    EnrolmentFactory(study=study)
    page = invite(manager)
    assert page.context["form"].non_field_errors() == [
        "No place is left for whoever is invited. Make room in the settings first."
    ]
    assert "Every place is taken: nobody can join, and nobody can be invited." in text_of(page)
    assert not Enrolment.objects.invited().exists()
    assert not Prompt.objects.exists()


@pytest.mark.parametrize("address", [ENROL, "/staff/calm/", "/staff/calm/settings/"])
def test_every_page_of_the_study_says_that_it_is_full(
    manager: Client, study: Study, address: str
) -> None:
    Study.objects.update(capacity=1)
    EnrolmentFactory(study=study, is_test=True)
    assert "Recruiting, but full" not in manager.get(address).content.decode()
    EnrolmentFactory(study=study)
    assert "Recruiting, but full" in manager.get(address).content.decode()
    Study.objects.update(state="closed")
    assert "Recruiting, but full" not in manager.get(address).content.decode()


def test_button_pressed_twice_invites_once_and_says_so_twice(manager: Client) -> None:
    page = manager.get(ENROL)
    fields = {**fields_of(page), "email": ["ann@example.org"]}
    first, second = manager.post(ENROL, fields), manager.post(ENROL, fields)
    assert [first.status_code, second.status_code] == [302, 302]
    assert Enrolment.objects.count() == StaffAction.objects.count() == 1


def test_page_that_comes_back_with_somebody_else_invites_them_too(manager: Client) -> None:
    """As from the browser's memory, with what was hidden in it."""
    fields = fields_of(manager.get(ENROL))
    for address in ("ann@example.org", "ben@example.org"):
        assert manager.post(ENROL, {**fields, "email": [address]}).status_code == 302
    assert Enrolment.objects.count() == StaffAction.objects.count() == 2


def test_record_of_a_press_tells_neither_address_nor_showing(manager: Client) -> None:
    fields = {**fields_of(manager.get(ENROL)), "email": ["ann@example.org"]}
    manager.post(ENROL, fields)
    kept = StaffAction.objects.get().details["once"]
    assert re.fullmatch(r"[0-9a-f]{40}", kept)
    assert fields["once"] != [kept]


def test_only_a_name_of_ours_finds_what_was_done_before(manager: Client) -> None:
    invite(manager)
    for once in ("", "0", "\0", str(uuid4())):
        page = invite(manager, once=once)
        assert page.status_code == 200
        assert page.context["form"].errors


@pytest.mark.parametrize("address", PAGES)
def test_looking_reads_nobodys_address_but_ones_own(
    manager: Client, study: Study, address: str
) -> None:
    EnrolmentFactory(study=study, source="clinic")
    invited(study=study)
    me = manager.session["_auth_user_id"]
    with CaptureQueriesContext(connection) as captured:
        manager.get(address)
    about_people = [
        each["sql"] for each in captured if '"participants_user"."email"' in each["sql"]
    ]
    assert about_people
    assert [sql for sql in about_people if f'"participants_user"."id" = {me}' not in sql] == []
