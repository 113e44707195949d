"""Publishing: it says whom it reaches, asks whether they agree anew, and is done once."""

from typing import Any

import pytest
from django.test import Client

from monitoring.models import StaffAction
from participants.joining import consent_is_current
from studies.models import Document, Study
from studies.services import new_version, publish_document
from tests.factories.participants import EnrolmentFactory
from tests.factories.studies import LONG_AGO, DocumentFactory, ServiceFactory, StudyFactory
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import row, said, send, text_of

pytestmark = pytest.mark.django_db

CONSENT = "/staff/calm/settings/documents/consent/"
PUBLISH = f"{CONSENT}draft/publish/"


@pytest.fixture
def draft(study: Study) -> Document:
    in_force = Document.objects.in_force(study, "consent")
    assert in_force is not None
    return new_version(document=in_force)


def of(kind: str) -> str:
    return f"/staff/calm/settings/documents/{kind}/draft/publish/"


def test_page_says_what_will_happen_and_to_how_many(
    study: Study, manager: Client, draft: Document
) -> None:
    for _ in range(3):
        EnrolmentFactory(study=study)
    EnrolmentFactory()  # of another study
    EnrolmentFactory(
        study=study, status="withdrawn", withdrawal="everything", withdrawn_at=LONG_AGO
    )
    shown = text_of(manager.get(PUBLISH))
    for sentence in (
        "People who join from now on see it in the place of version 1, which is kept.",
        "Whoever is reading version 1 at that moment is told that the words have changed",
        "Yes. 3 people who take part are asked when they next come. Until they agree, nothing is "
        "recorded of them; their weeks stay open, and their mail goes on.",
        "No. 3 people who take part are not asked.",
        "I agree to “read”. Required.",
        "I agree to “interview”. Can be left out.",
    ):
        assert sentence in shown
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize(("anew", "is_current"), [("yes", False), ("no", True)])
def test_people_agree_anew_if_it_is_said(
    study: Study, manager: Client, draft: Document, anew: str, is_current: bool
) -> None:
    person = EnrolmentFactory(study=study)
    response = send(manager, PUBLISH, anew=anew, why="Approved in May")
    assert response["Location"] == CONSENT
    assert said(manager.get(CONSENT)) == ["Consent form, version 2 is published."]
    draft.refresh_from_db()
    assert (draft.state, draft.requires_new_consent) == ("published", anew == "yes")
    assert consent_is_current(person) is is_current
    action = StaffAction.objects.get()
    assert (action.kind, action.why, action.details) == (
        "publish",
        "Approved in May",
        {"kind": "consent", "version": 2, "anew": anew == "yes"},
    )
    newest, first = manager.get(CONSENT).context["versions"]
    assert ("Agree anew" in text_of(manager.get(CONSENT))) is (anew == "yes")
    assert (newest.version, first.version) == (2, 1)


@pytest.mark.parametrize("answer", [None, "", "maybe"])
def test_nothing_is_published_before_that_is_said(
    study: Study, manager: Client, draft: Document, answer: str | None
) -> None:
    page = send(manager, PUBLISH, anew=answer)
    assert page.context["form"].errors == {"anew": ["Choose whether people must agree anew."]}
    assert page.content.decode().count("Choose whether people must agree anew.") == 2
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not StaffAction.objects.exists()


def test_what_the_draft_says_of_itself_is_not_taken_for_an_answer(
    study: Study, manager: Client, draft: Document
) -> None:
    Document.objects.filter(pk=draft.pk).update(requires_new_consent=True)
    send(manager, PUBLISH, anew="no")
    draft.refresh_from_db()
    assert (draft.state, draft.requires_new_consent) == ("published", False)


@pytest.mark.parametrize(
    ("made", "kind", "sentence"),
    [
        (StudyFactory, "information", "If they must be, publish a new version of the consent form"),
        (StudyFactory, "privacy", "Nobody who takes part is asked to agree anew."),
    ],
)
def test_documents_to_read_ask_nobody_anew(made: Any, kind: str, sentence: str) -> None:
    study = made(slug="calm")
    client = managing(study)
    for number in (1, 2):
        if Document.objects.in_force(study, kind) is None or number == 2:
            draft = DocumentFactory(study=study, kind=kind)
            page = client.get(of(kind))
            assert page.context["form"] is None
            assert send(client, of(kind)).status_code == 302
    assert sentence in text_of(page)
    draft.refresh_from_db()
    assert (draft.state, draft.requires_new_consent) == ("published", False)


def test_first_version_asks_nothing(draft_study: Study) -> None:
    study = StudyFactory(slug="calm", documents=False, state=Study.State.DRAFT)
    DocumentFactory(study=study, kind="consent", statements={"read": True})
    client = managing(study)
    page = client.get(PUBLISH)
    assert "It is the first version that people see." in text_of(page)
    assert page.context["form"] is None
    assert send(client, PUBLISH).status_code == 302
    assert Document.objects.in_force(study, "consent") is not None


def test_that_nobody_is_shown_what_is_new_is_said_where_people_may_agree_anew(
    study: Study, manager: Client, draft: Document
) -> None:
    words = "no page shows them what is different in it. Say at its beginning what is new."
    assert words in text_of(manager.get(PUBLISH))
    DocumentFactory(study=study, kind="information")
    assert words not in text_of(manager.get(of("information")))


def test_service_asks_of_its_notice() -> None:
    service = ServiceFactory(slug="calm")
    in_force = Document.objects.in_force(service, "privacy")
    assert in_force is not None
    new_version(document=in_force)
    client = managing(service)
    assert client.get(of("privacy")).context["form"] is not None
    send(client, of("privacy"), anew="yes")
    newest = Document.objects.in_force(service, "privacy")
    assert newest is not None
    assert (newest.version, newest.requires_new_consent) == (2, True)


@pytest.mark.parametrize(
    ("fields", "statements", "sentence"),
    [
        ({"body": " "}, {"read": True}, "This document has no text. Write it first."),
        ({}, None, "This document has no statements to agree to. Add one first."),
    ],
)
def test_what_is_lacking_stands_in_place_of_the_button(
    fields: dict[str, str], statements: dict[str, bool] | None, sentence: str
) -> None:
    study = StudyFactory(slug="calm", documents=False)
    draft = DocumentFactory(study=study, kind="consent", statements=statements, **fields)
    client = managing(study)
    page = client.get(PUBLISH)
    assert sentence in text_of(page)
    assert 'type="submit">Publish' not in page.content.decode()
    refused = client.post(PUBLISH, {"shown": page.context["shown"]})
    assert sentence in text_of(refused)
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_draft_written_since_is_looked_at_again(
    study: Study, manager: Client, draft: Document
) -> None:
    shown = manager.get(PUBLISH)
    send(managing(study), f"{CONSENT}draft/", **row(1, text="Other words"))
    page = send(manager, PUBLISH, shown, anew="no")
    assert said(page) == [
        "The draft has changed since this page was made, so nothing is published. "
        "Please look again."
    ]
    assert "Other words" in text_of(page)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert send(manager, PUBLISH, page, anew="no").status_code == 302


def test_pressed_twice_it_is_published_once(study: Study, manager: Client, draft: Document) -> None:
    shown = manager.get(PUBLISH)
    assert send(manager, PUBLISH, shown, anew="no").status_code == 302
    draft.refresh_from_db()
    at = draft.published_at
    assert send(manager, PUBLISH, shown, anew="yes").status_code == 404
    draft.refresh_from_db()
    assert (draft.published_at, draft.requires_new_consent) == (at, False)
    assert StaffAction.objects.count() == 1


def test_page_of_the_form_says_how_many_have_not_agreed_to_it(
    study: Study, manager: Client, draft: Document
) -> None:
    for is_test in (False, False, True):
        EnrolmentFactory(study=study, is_test=is_test)
    assert "has not agreed" not in text_of(manager.get(CONSENT))
    publish_document(document=draft, requires_new_consent=True, now=LONG_AGO)

    page = manager.get(CONSENT)
    assert "2 people have not agreed to the version in force" in text_of(page)
    address = "/staff/calm/people/?status=anew&test=without"
    assert f'href="{address.replace("&", "&amp;")}"' in page.content.decode()
    assert manager.get(address).context["page"].total == 2
    other = manager.get("/staff/calm/settings/documents/information/")
    assert "not agreed" not in text_of(other)
