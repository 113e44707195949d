"""Opening, closing, archiving: each says what is missing or will happen, and waits for a yes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from monitoring.models import StaffAction
from participants.models import Enrolment
from studies.models import Study
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import enrolled
from tests.factories.studies import LONG_AGO, ServiceFactory, StudyFactory, published_document
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import said, send, text_of

pytestmark = pytest.mark.django_db

CALM = "/staff/calm/settings/"
QUIET = "/staff/quiet/settings/"


def state_of(study: Study) -> str:
    study.refresh_from_db()
    return study.state


def test_whole_study_opens_after_saying_what_that_means(draft_study: Study) -> None:
    Study.objects.update(
        capacity=120,
        recruiting_from=datetime(2027, 5, 1, 8, tzinfo=UTC),
        recruiting_until=datetime(2028, 5, 1, 8, tzinfo=UTC),
    )
    client = managing(draft_study)
    page = client.get(f"{QUIET}open/")
    for sentence in (
        "People can join at http://testserver/join/quiet/, if they meet the criteria and agree.",
        "They can join from 1 May 2027, 09:00.",
        "They can join until 1 May 2028, 09:00.",
        "There is room for 120 people.",
        "The short name in addresses and the purpose are fixed from then on.",
    ):
        assert sentence in text_of(page)
    assert state_of(draft_study) == "draft"
    response = send(client, f"{QUIET}open/", why="The committee said yes")
    assert said(client.get(response["Location"])) == ["A quiet study is now: Recruiting."]
    assert state_of(draft_study) == "recruiting"
    action = StaffAction.objects.get()
    assert (action.kind, action.why, action.details) == (
        "open",
        "The committee said yes",
        {"from": "draft", "to": "recruiting"},
    )


@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        (
            {"documents": False, "criteria": False},
            [
                "There is no published document of this kind: Information sheet.",
                "There is no published document of this kind: Consent form.",
                "There are no eligibility criteria. Say who may join.",
            ],
        ),
        (
            {"institution": "", "contact_email": "", "complaints_contact": ""},
            [
                "Say who runs this.",
                "Give an address that people can write to.",
                "Say who people can complain to.",
            ],
        ),
        (
            {"lead_name": " ", "ethics_reference": " "},
            ["Name the person who leads the research.", "Give the ethics reference."],
        ),
    ],
)
def test_study_with_something_missing_does_not_open_and_says_what(
    fields: dict[str, Any], sentences: list[str]
) -> None:
    study = StudyFactory(slug="quiet", state=Study.State.DRAFT, **fields)
    client = managing(study)
    for page in (client.get(f"{QUIET}open/"), client.post(f"{QUIET}open/")):
        assert [each.sentence for each in page.context["missing"]] == sentences
        assert all(sentence in text_of(page) for sentence in sentences)
        assert "Open it to new people" not in text_of(page)
    assert state_of(study) == "draft"
    assert not StaffAction.objects.exists()


def test_what_went_missing_while_the_page_was_open_is_said(draft_study: Study) -> None:
    client = managing(draft_study)
    shown = client.get(f"{QUIET}open/")
    draft_study.criteria.all().delete()
    page = send(client, f"{QUIET}open/", shown)
    assert "There are no eligibility criteria." in text_of(page)
    assert state_of(draft_study) == "draft"


def test_service_opens_with_its_notice_alone() -> None:
    service = ServiceFactory(slug="quiet", state=Study.State.DRAFT)
    send(managing(service), f"{QUIET}open/")
    assert state_of(service) == "recruiting"


def test_opening_without_a_privacy_notice_says_where_its_words_must_then_be(
    draft_study: Study,
) -> None:
    client = managing(draft_study)
    assert "No privacy notice is published." in text_of(client.get(f"{QUIET}open/"))
    published_document(study=draft_study, kind="privacy")
    assert "No privacy notice" not in text_of(client.get(f"{QUIET}open/"))


def test_closing_says_who_goes_on_and_who_cannot_join(study: Study, manager: Client) -> None:
    EnrolmentFactory(study=study)
    EnrolmentFactory(study=study, status=Enrolment.Status.INVITED, consented_at=None, agreed=False)
    shown = text_of(manager.get(f"{CALM}close/"))
    assert "1 person takes part, and goes on as before, with all their mail." in shown
    assert "1 person is invited. They cannot join while it is closed." in shown
    assert "1 of them was not written to. That invitation ends: the address is erased" in shown
    assert "It can be opened again." in shown
    send(manager, f"{CALM}close/")
    assert state_of(study) == "closed"
    send(manager, f"{CALM}open/")
    assert state_of(study) == "recruiting"
    kinds = StaffAction.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["close", "open"]


def test_archiving_says_how_many_mails_will_not_go(study: Study, manager: Client) -> None:
    person = enrolled(study=study, now=LONG_AGO)
    planned = person.prompts.filter(state="planned").count()
    Study.objects.update(state="closed")
    shown = text_of(manager.get(f"{CALM}archive/"))
    assert f"{planned} mails are planned, and will not go." in shown
    assert "It cannot be opened again on these pages." in shown
    send(manager, f"{CALM}archive/")
    assert state_of(study) == "archived"
    assert StaffAction.objects.get().details == {"from": "closed", "to": "archived"}
    assert "The study is archived" in text_of(manager.get(CALM))


@pytest.mark.parametrize(
    ("state", "step"),
    [
        *(("draft", "close"), ("draft", "archive")),
        *(("recruiting", "open"), ("recruiting", "archive")),
        *(("closed", "close"), ("archived", "open"), ("archived", "close")),
        ("archived", "archive"),
    ],
)
def test_step_that_does_not_begin_here_is_not_taken(
    study: Study, manager: Client, state: str, step: str
) -> None:
    Study.objects.update(state=state)
    label = Study.State(state).label.lower()
    for ask in (manager.get, manager.post):
        assert ask(f"{CALM}{step}/")["Location"] == CALM
        assert said(manager.get(CALM)) == [f"Nothing was done: the study is {label}."]
    assert state_of(study) == state
    assert not StaffAction.objects.exists()


def test_pressed_twice_it_is_on_record_once(study: Study, manager: Client) -> None:
    shown = manager.get(f"{CALM}close/")
    for _ in range(2):
        send(manager, f"{CALM}close/", shown)
    assert StaffAction.objects.count() == 1
