"""Documents: versions that stay, a draft that is written, and each as people see it."""

from typing import Any

import pytest
from django.test import Client

from monitoring.models import StaffAction
from studies.models import Document, Study
from studies.services import new_version
from tests.factories.participants import EnrolmentFactory
from tests.factories.studies import DocumentFactory, ServiceFactory, StudyFactory
from tests.monitoring_settings.conftest import managing
from tests.monitoring_settings.pages import fields_of, queries_of, row, said, send, text_of
from tests.portal_joining.walk import Joiner

pytestmark = pytest.mark.django_db

CONSENT = "/staff/calm/settings/documents/consent/"
SHEET = "/staff/calm/settings/documents/information/"
DRAFT = f"{CONSENT}draft/"


@pytest.fixture
def draft(study: Study) -> Document:
    """Version 2 of the consent form, a copy of version 1."""
    in_force = Document.objects.in_force(study, "consent")
    assert in_force is not None
    return new_version(document=in_force)


def words(document: Document) -> dict[str, Any]:
    document.refresh_from_db()
    statements = document.statements.order_by("position")
    return {
        "title": document.title,
        "body": document.body,
        "statements": [(each.key, each.text, each.required) for each in statements],
    }


# Versions


def test_versions_stand_newest_first_with_what_became_of_them(
    study: Study, manager: Client, draft: Document
) -> None:
    page = manager.get(CONSENT)
    assert [each.version for each in page.context["versions"]] == [2, 1]
    shown = text_of(page)
    assert "People agree to its statements in order to take part." in shown
    assert "2 as people see it Consent form Draft" in shown
    assert "1 as people see it Consent form In force 6 Jan 2020, 09:00" in shown
    assert "Write version 2" in shown
    assert "Make a new version" not in shown


def test_new_version_begins_as_a_copy_once_however_often_it_is_asked_for(
    study: Study, manager: Client
) -> None:
    for _ in range(2):
        response = manager.post(f"{SHEET}new/")
        assert response["Location"] == f"{SHEET}draft/"
    draft = Document.objects.drafts().get()
    assert (draft.version, draft.body) == (2, "<p>What taking part means.</p>")


def test_first_version_begins_empty_and_named() -> None:
    study = StudyFactory(slug="calm", documents=False)
    client = managing(study)
    assert "Write the first version" in text_of(client.get(SHEET))
    client.post(f"{SHEET}new/")
    draft = study.documents.get()
    assert (draft.version, draft.title, draft.body) == (1, "Information sheet", "")


@pytest.mark.parametrize(
    ("made", "kind", "sentence"),
    [
        (StudyFactory, "information", "People read it before anything is asked of them. The"),
        (StudyFactory, "privacy", "People find it on the page about privacy. The study can open"),
        (StudyFactory, "interview", "No page shows it to people."),
        (ServiceFactory, "privacy", "and say that they have. The study cannot open without it."),
        (ServiceFactory, "information", "No page shows it to people."),
    ],
)
def test_each_kind_says_where_people_meet_it(made: Any, kind: str, sentence: str) -> None:
    client = managing(made(slug="calm"))
    assert sentence in text_of(client.get(f"/staff/calm/settings/documents/{kind}/"))


# Writing


def test_draft_is_written_whole(study: Study, manager: Client, draft: Document) -> None:
    page = send(manager, DRAFT, do="remove-2")
    page = send(manager, DRAFT, page, do="up-3")
    page = send(manager, DRAFT, page, do="add")
    assert words(draft)["title"] == "Consent form"
    response = send(
        manager,
        DRAFT,
        page,
        do="save",
        title="Your agreement",
        body="<h2>What</h2><p>New <b>words</b>.</p>",
        why="After the committee",
        **row(1, text="I have read\r\nall of it."),
        **row(6, text="You may write to me.", key="write", required=None),
    )
    assert response["Location"] == CONSENT
    assert said(manager.get(CONSENT)) == [
        "The draft is saved. Nobody else sees it before it is published."
    ]
    assert words(draft) == {
        "title": "Your agreement",
        "body": "<h2>What</h2><p>New <b>words</b>.</p>",
        "statements": [
            ("watch", "I agree to “watch”.", True),
            ("read", "I have read\nall of it.", True),
            ("data", "I agree to “data”.", True),
            ("interview", "I agree to “interview”.", False),
            ("write", "You may write to me.", False),
        ],
    }
    action = StaffAction.objects.get()
    assert (action.kind, action.why, action.details) == (
        "settings",
        "After the committee",
        {"section": "documents", "kind": "consent", "version": 2},
    )
    in_force = Document.objects.in_force(study, "consent")
    assert in_force is not None
    assert (in_force.version, in_force.title) == (1, "Consent form")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("One.\r\n\r\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        (
            "## A heading\n\n- one\n- two",
            "<h2>A heading</h2>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
        ),
        ("Less < more & so on", "<p>Less &lt; more &amp; so on</p>"),
        ('<p onclick="run()">Read <script>run()</script>this.</p>', "<p>Read this.</p>"),
        ("<p>Line\r\nbreaks</p>", "<p>Line\nbreaks</p>"),
    ],
)
def test_plain_words_become_paragraphs_and_html_is_cleaned(
    study: Study, manager: Client, draft: Document, typed: str, stored: str
) -> None:
    looked_at = send(manager, DRAFT, do="preview", body=typed)
    assert looked_at.context["preview"] == stored
    assert words(draft)["body"] == "<p>What taking part means.</p>"
    assert send(manager, DRAFT, looked_at, do="save").status_code == 302
    assert words(draft)["body"] == stored
    # What comes back is saved again as it is.
    assert send(manager, DRAFT).status_code == 302
    assert words(draft)["body"] == stored


def test_looking_keeps_what_was_typed_and_saves_nothing(
    study: Study, manager: Client, draft: Document
) -> None:
    before = words(draft)
    page = send(
        manager,
        DRAFT,
        do="preview",
        title="Mine",
        body="Mine & yours",
        why="Because",
        **row(1, text="Mine too"),
    )
    kept = fields_of(page)
    assert (kept["title"], kept["body"], kept["why"], kept["row-1-text"]) == (
        ["Mine"],
        ["Mine & yours"],
        ["Because"],
        ["Mine too"],
    )
    assert '<div class="flow up-4"><p>Mine &amp; yours</p></div>' in page.content.decode()
    assert words(draft) == before


def test_what_cannot_be_saved_is_said_beside_it_and_nothing_is_half_saved(
    study: Study, manager: Client, draft: Document
) -> None:
    before = words(draft)
    page = send(
        manager, DRAFT, title=" ", **row(1, text=" "), **row(2, key="a b"), **row(3, key="read")
    )
    assert page.context["form"].errors == {
        "title": ["Write a title."],
        "row-1-text": ["Write what people agree to, or remove the row."],
        "row-2-key": ["Use letters, digits, hyphens and underscores for a key, such as interview."],
        "row-3-key": ["Another row has this key. Each needs its own."],
    }
    assert page.content.decode().count("Write a title.") == 2
    assert words(draft) == before
    for nothing in ("", " \n ", "<script>run()</script>"):
        page = send(manager, DRAFT, body=nothing)
        assert page.context["form"].errors == {"body": ["Write the text."]}
    assert words(draft) == before


def test_a_sheet_to_read_has_no_statements(study: Study, manager: Client) -> None:
    manager.post(f"{SHEET}new/")
    page = manager.get(f"{SHEET}draft/")
    assert "What people agree to" not in text_of(page)
    assert send(manager, f"{SHEET}draft/", title="About us").status_code == 302
    assert Document.objects.drafts().get().title == "About us"


def test_the_second_of_two_is_told_and_loses_nothing(
    study: Study, manager: Client, draft: Document
) -> None:
    other = managing(study)
    mine, theirs = manager.get(DRAFT), other.get(DRAFT)
    send(other, DRAFT, theirs, **row(1, text="Their statement"))
    page = send(manager, DRAFT, mine, title="Mine", **row(1, text="My statement"))
    assert "Somebody saved this while you were writing." in text_of(page)
    assert "Their statement" in text_of(page)
    assert fields_of(page)["title"] == ["Mine"]
    assert words(draft)["statements"][0][1] == "Their statement"
    assert send(manager, DRAFT, page).status_code == 302
    assert (words(draft)["title"], words(draft)["statements"][0][1]) == ("Mine", "My statement")


def test_a_draft_that_was_published_meanwhile_is_not_written_any_more(
    study: Study, manager: Client, draft: Document
) -> None:
    mine = manager.get(DRAFT)
    send(managing(study), f"{DRAFT}publish/", anew="no")
    before = words(draft)
    assert send(manager, DRAFT, mine, title="Mine").status_code == 404
    assert words(draft) == before


def test_draft_is_deleted_after_asking(study: Study, manager: Client, draft: Document) -> None:
    page = manager.get(f"{DRAFT}delete/")
    assert "Consent form, version 2: “Consent form”." in text_of(page)
    assert study.documents.count() == 3
    response = send(manager, f"{DRAFT}delete/", page)
    assert said(manager.get(response["Location"])) == ["The draft is deleted."]
    assert list(study.documents.values_list("version", flat=True)) == [1, 1]
    assert StaffAction.objects.get().details == {
        "section": "documents",
        "kind": "consent",
        "deleted_draft": 2,
    }
    assert "Consent form, draft 2 deleted" in text_of(manager.get("/staff/calm/settings/"))


def test_draft_that_was_written_or_published_meanwhile_is_not_deleted(
    study: Study, manager: Client, draft: Document
) -> None:
    page = manager.get(f"{DRAFT}delete/")
    send(managing(study), DRAFT, title="Theirs")
    answer = send(manager, f"{DRAFT}delete/", page)
    assert "so it is not deleted" in answer.content.decode()
    send(managing(study), f"{DRAFT}publish/", anew="no")
    assert send(manager, f"{DRAFT}delete/", answer).status_code == 404
    assert study.documents.get(kind="consent", version=2).title == "Theirs"
    assert not StaffAction.objects.filter(details__has_key="deleted_draft").exists()


# As people see it


def test_version_looks_as_it_does_to_people(study: Study, manager: Client, client: Client) -> None:
    """The sheet as it is joined with, and the same sheet as staff are shown it."""
    theirs = text_of(Joiner(client, study).get("join"))
    ours = text_of(manager.get(f"{SHEET}1/"))
    assert ours.strip() in theirs


def test_what_people_agree_to_is_shown_with_nothing_to_send(study: Study, reader: Client) -> None:
    page = reader.get(f"{CONSENT}1/")
    shown = text_of(page)
    assert "We need a yes to all 4." in shown
    assert "I agree to “interview”." in shown
    assert "Your full name" in shown
    main = page.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert "<form" not in main
    assert 'type="submit"' not in main


def test_draft_is_shown_as_a_draft(study: Study, reader: Client) -> None:
    DocumentFactory(study=study, body="<p>New words.</p>")
    page = reader.get(f"{SHEET}2/")
    assert "Version 2, a draft, as people would see it." in page.content.decode()
    assert "New words." in text_of(page)
    assert "Version 2, a draft." in text_of(page)


def test_notice_of_a_service_is_shown_with_what_it_asks() -> None:
    client = managing(ServiceFactory(slug="calm"))
    shown = text_of(client.get("/staff/calm/settings/documents/privacy/1/"))
    assert "We need a yes to this." in shown
    assert "Your full name" not in shown


@pytest.mark.parametrize("address", [CONSENT, f"{CONSENT}1/", DRAFT, f"{DRAFT}publish/"])
def test_queries_do_not_grow_with_people_or_statements(
    study: Study, manager: Client, draft: Document, address: str
) -> None:
    few = queries_of(manager, address)
    for n in range(5):
        EnrolmentFactory(study=study)
        draft.statements.create(key=f"more-{n}", text="I agree.", position=20 + n)
    assert queries_of(manager, address) == few
