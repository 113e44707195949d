"""A new study begins with a few fields, in the hands of whoever starts it."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from monitoring.models import StaffAction
from participants.models import StudyResearcher, User
from studies.models import Study
from tests.factories.courses import draft_edition, published_edition
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import StudyFactory
from tests.monitoring.staff import signed_in, staff_client, with_second_step
from tests.monitoring_settings.pages import fields_of, row, send, text_of
from tests.scheduling.test_races import at_once

pytestmark = pytest.mark.django_db

NEW = "/staff/new-study/"


@pytest.fixture
def editor() -> User:
    """May add studies, and nothing else."""
    user = with_second_step(UserFactory(staff=True))
    user.user_permissions.set(Permission.objects.filter(codename="add_study"))
    return user


def told(**fields: str) -> dict[str, str]:
    return {
        "public_name": "A new study",
        "neutral_name": "Weekly session",
        "slug": "new",
        "edition": str(published_edition(1).pk),
        **fields,
    }


def test_editor_starts_a_study_and_manages_it_without_seeing_who_is_who(editor: User) -> None:
    client = signed_in(editor)
    response = send(client, NEW, **told())
    assert response["Location"] == "/staff/new/settings/"
    study = Study.objects.get()
    assert (study.state, study.purpose, study.access_months) == ("draft", "research", 12)
    right = StudyResearcher.objects.get()
    assert (right.user, right.study, right.manages, right.sees_identity, right.sees_arm) == (
        editor,
        study,
        True,
        False,
        False,
    )
    action = StaffAction.objects.get()
    assert (action.by, action.details) == (editor, {"section": "new"})
    page = client.get("/staff/new/settings/")
    assert len(page.context["missing"]) == 8
    assert "The study was made" in text_of(page)


def test_dates_are_suggested_and_can_be_changed(editor: User) -> None:
    client = signed_in(editor)
    shown = fields_of(client.get(NEW))
    asked, kept = (
        date.fromisoformat(shown[name][0]) for name in ("deletion_cutoff", "retention_until")
    )
    assert date.today() < asked < kept  # noqa: DTZ011 - about a year and ten years ahead
    send(client, NEW, **told(deletion_cutoff="2070-01-01", retention_until="2071-01-01"))
    assert Study.objects.get().deletion_cutoff == date(2070, 1, 1)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"slug": "new-study"}, "slug", "That name is taken by a page. Choose a different one."),
        ({"slug": "calm"}, "slug", "Another study has this short name. Choose a different one."),
        ({"public_name": ""}, "public_name", "Write the public name."),
        ({"edition": ""}, "edition", "Choose a published edition of a course."),
        ({"purpose": "hobby"}, "purpose", "Select a valid choice. hobby is not one of the"),
        (
            {"deletion_cutoff": "2070-01-01", "retention_until": "2069-01-01"},
            "retention_until",
            "Deletion on request ends on or before the day data are kept until.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_it(
    editor: User, fields: dict[str, str], field: str, sentence: str
) -> None:
    StudyFactory(slug="calm")
    page = send(signed_in(editor), NEW, **told(**fields))
    assert [*page.context["form"].errors] == [field]
    assert page.context["form"].errors[field][0].startswith(sentence)
    assert Study.objects.count() == 1
    assert not StaffAction.objects.exists()


def test_course_that_is_a_draft_is_not_offered(editor: User) -> None:
    page = send(signed_in(editor), NEW, **told(edition=str(draft_edition(1).pk)))
    assert [*page.context["form"].errors] == ["edition"]


def test_it_is_for_those_who_may_add_studies() -> None:
    study = StudyFactory()
    data = told()
    for response in (Client().get(NEW), Client().post(NEW, data)):
        assert response["Location"] == f"/accounts/login/?next={NEW}"
    for client in (
        signed_in(EnrolmentFactory(study=study).user),
        staff_client(researcher_of=study),
        staff_client(staff=True),
    ):
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, data).status_code == 403
    assert Study.objects.count() == 1
    assert staff_client(superuser=True).get(NEW).status_code == 200


def test_list_of_studies_offers_it_or_says_whom_to_ask(editor: User) -> None:
    user = with_second_step(UserFactory())
    for _ in range(2):
        StudyFactory().researchers.create(user=user)
    words = text_of(signed_in(user).get("/staff/"))
    assert "To start another study, ask whoever looks after this platform." in words
    html = signed_in(editor).get("/staff/").content.decode()
    assert f'href="{NEW}"' in html


def test_who_starts_studies_sees_the_list_also_of_one(editor: User) -> None:
    StudyFactory(slug="calm").researchers.create(user=editor)
    page = signed_in(editor).get("/staff/")
    assert [each.slug for each in page.context["studies"]] == ["calm"]


def test_new_study_is_set_up_whole_and_opened_without_the_admin(editor: User) -> None:
    """All of it by the forms that the pages show."""
    client: Any = signed_in(editor)
    send(client, NEW, **told())
    home = "/staff/new/settings/"
    send(
        client,
        f"{home}team/",
        institution="University of Testing",
        lead_name="The team",
        ethics_reference="TEST/1",
        contact_email="study@example.org",
        complaints_contact="The office",
    )
    page = send(client, f"{home}eligibility/", do="add")
    question = row(1, question="Are you 18?", key="adult", declined_text="For adults.")
    send(client, f"{home}eligibility/", page, do="save", **question)
    for kind in ("information", "consent"):
        draft = client.post(f"{home}documents/{kind}/new/")["Location"]
        page = client.get(draft)
        fields: dict[str, Any] = {"body": "What taking part means."}
        if kind == "consent":
            page = send(client, draft, page, do="add")
            fields |= row(1, text="I have read this.", key="read")
        send(client, draft, page, do="save", **fields)
        send(client, f"{draft}publish/")
    assert client.get(home).context["missing"] == []
    send(client, f"{home}open/")
    assert Study.objects.get().state == "recruiting"
    assert "What taking part means." in Client().get("/join/new/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_button_pressed_twice_makes_one_study(editor: User) -> None:
    """The database has the last word: both forms were valid in the same moment."""
    client, fields = signed_in(editor), told()
    pages: list[Any] = []

    def press() -> None:
        own = Client()
        own.cookies = client.cookies
        pages.append(send(own, NEW, **fields))

    at_once(press, press)
    assert sorted(page.status_code for page in pages) == [200, 302]
    assert Study.objects.count() == 1
