"""Setting a study up in the admin, and who may."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from studies.models import Document, ScreeningTally, Study
from tests.factories.courses import draft_edition, published_edition
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import DocumentFactory, StudyFactory, published_document
from tests.monitoring.staff import signed_in, staff_client, with_second_step

pytestmark = pytest.mark.django_db

STUDIES = "/admin/studies/study/"
DOCUMENTS = "/admin/studies/document/"


@pytest.fixture
def editor() -> Client:
    """May do what belongs to studies, and nothing else."""
    user = UserFactory(staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="studies"))
    return signed_in(with_second_step(user))


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def act(client: Client, url: str, action: str, *rows: Any) -> list[str]:
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return said(client.post(url, data, follow=True))


def study_data(**fields: Any) -> dict[str, Any]:
    return {
        "public_name": "Four Weeks",
        "neutral_name": "Weekly session",
        "slug": "four-weeks",
        "purpose": "research",
        "edition": published_edition(1).pk,
        "institution": "University of Testing",
        "lead_name": "The team",
        "ethics_reference": "TEST/1",
        "contact_email": "study@example.org",
        "complaints_contact": "The research office",
        "default_zone": "Europe/London",
        "access_months": 12,
        "deletion_cutoff": date(2060, 1, 1),
        "retention_until": date(2061, 1, 1),
        "criteria-TOTAL_FORMS": 1,
        "criteria-INITIAL_FORMS": 0,
        "criteria-0-position": 1,
        "criteria-0-key": "adult",
        "criteria-0-question": "Are you 18 or over?",
        "criteria-0-yes_label": "Yes",
        "criteria-0-no_label": "No",
        "criteria-0-admits_yes": "on",
        "criteria-0-declined_text": "This study is for adults.",
        "criteria-0-way_out": "young",
        **fields,
    }


def document_data(study: Study, **fields: Any) -> dict[str, Any]:
    return {
        "study": study.pk,
        "kind": "consent",
        "title": "Consent form",
        "body": "<p>Read this.</p>",
        "statements-TOTAL_FORMS": 1,
        "statements-INITIAL_FORMS": 0,
        "statements-0-position": 1,
        "statements-0-key": "read",
        "statements-0-text": "I have read this.",
        "statements-0-required": "on",
        **fields,
    }


@pytest.mark.parametrize("url", [STUDIES, DOCUMENTS, "/admin/studies/screeningtally/"])
def test_studies_are_for_those_with_the_right_alone(url: str) -> None:
    participant = EnrolmentFactory().user
    researcher = UserFactory(researcher_of=StudyFactory())
    for person in (participant, researcher):
        assert signed_in(person).get(url).status_code == 302
    assert Client().get(url).status_code == 302
    assert staff_client(staff=True).get(url).status_code == 403


def test_study_is_written_with_its_criteria_and_opened(editor: Client) -> None:
    assert editor.post(f"{STUDIES}add/", study_data()).status_code == 302
    study = Study.objects.get()
    assert (study.state, [each.key for each in study.criteria.all()]) == ("draft", ["adult"])
    editor.post(f"{DOCUMENTS}add/", document_data(study))
    editor.post(f"{DOCUMENTS}add/", document_data(study, kind="information"))
    published = [
        said(editor.post(f"{DOCUMENTS}{document.pk}/publish/", follow=True))[-1]
        for document in Document.objects.order_by("pk")
    ]
    assert published == ["Consent form, version 1 is published."] * 2
    opened = act(editor, STUDIES, "open_to_new_people", study)
    assert opened == ["Four Weeks is open to new people."]
    study.refresh_from_db()
    assert study.state == "recruiting"


def test_study_that_cannot_open_says_why_and_stays_a_draft(editor: Client) -> None:
    study = StudyFactory(state=Study.State.DRAFT, documents=False)
    assert act(editor, STUDIES, "open_to_new_people", study) == [
        "Four Weeks: There is no published document of this kind: Information sheet.",
        "Four Weeks: There is no published document of this kind: Consent form.",
    ]
    study.refresh_from_db()
    assert study.state == "draft"


def test_study_is_closed_to_new_people(editor: Client) -> None:
    study = StudyFactory()
    assert act(editor, STUDIES, "close_to_new_people", study) == [
        "Four Weeks is closed to new people. Those who joined go on."
    ]
    study.refresh_from_db()
    assert study.state == "closed"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (
            {"default_zone": "Europe/Atlantis"},
            "default_zone",
            "“Europe/Atlantis” is not a time zone. Write one like Europe/London.",
        ),
        ({"access_months": 6}, None, "Earlier weeks stay open for 12 months or more."),
        (
            {"deletion_cutoff": date(2062, 1, 1)},
            None,
            "Deletion on request ends on or before the day data are kept until.",
        ),
    ],
)
def test_study_written_wrongly_is_refused_with_a_sentence(
    editor: Client, fields: dict[str, Any], field: str | None, sentence: str
) -> None:
    response = editor.post(f"{STUDIES}add/", study_data(**fields))
    form = response.context["adminform"].form
    assert form.errors.get(field or "__all__") == [sentence]
    assert not Study.objects.exists()


def test_study_is_not_given_a_draft_of_a_course(editor: Client) -> None:
    response = editor.post(f"{STUDIES}add/", study_data(edition=draft_edition(1).pk))
    assert list(response.context["adminform"].form.errors) == ["edition"]


def test_study_once_open_keeps_its_address_purpose_and_ethics_reference(editor: Client) -> None:
    study = StudyFactory(criteria=False)
    told = study_data(
        slug="other", purpose="service", ethics_reference=" ", edition=study.edition_id
    )
    response = editor.post(f"{STUDIES}{study.pk}/change/", told)
    assert response.context["adminform"].form.errors == {
        "ethics_reference": ["A research study that has opened keeps its ethics reference."]
    }
    assert (
        editor.post(
            f"{STUDIES}{study.pk}/change/", {**told, "ethics_reference": "TEST/2"}
        ).status_code
        == 302
    )
    saved = Study.objects.get()
    assert (saved.slug, saved.purpose, saved.ethics_reference) == (
        study.slug,
        "research",
        "TEST/2",
    )


def test_study_once_open_is_not_deleted(editor: Client) -> None:
    assert editor.post(f"{STUDIES}{StudyFactory().pk}/delete/").status_code == 403
    page = editor.get(STUDIES)
    assert b"delete_selected" not in page.content


def test_document_is_cleaned_and_numbered(editor: Client) -> None:
    study = StudyFactory()
    body = "<p>Read <script>run()</script>this.</p>"
    editor.post(f"{DOCUMENTS}add/", document_data(study, body=body))
    draft = Document.objects.drafts().get()
    assert (draft.version, draft.body) == (2, "<p>Read this.</p>")
    assert draft.statements.get().required


def test_document_beside_a_draft_is_refused_with_a_sentence(editor: Client) -> None:
    draft = DocumentFactory(kind="consent", statements={"read": True})
    response = editor.post(f"{DOCUMENTS}add/", document_data(draft.study))
    assert response.context["adminform"].form.errors == {
        "kind": ["This study has a draft of this document already. Edit that one."]
    }


def test_information_sheet_cannot_ask_people_anew(editor: Client) -> None:
    told = document_data(StudyFactory(), kind="information", requires_new_consent="on")
    response = editor.post(f"{DOCUMENTS}add/", told)
    assert list(response.context["adminform"].form.errors) == ["requires_new_consent"]


def test_published_document_is_read_and_not_changed(editor: Client) -> None:
    form = published_document(kind="consent", statements={"read": True})
    url = f"{DOCUMENTS}{form.pk}/change/"
    page = editor.get(url)
    assert page.status_code == 200
    assert b"I agree to" in page.content
    assert b'name="_save"' not in page.content
    assert editor.post(url, document_data(form.study, title="Other")).status_code == 403
    assert editor.post(f"{DOCUMENTS}{form.pk}/delete/").status_code == 403


def test_new_version_of_a_document_is_made_once(editor: Client) -> None:
    form = published_document(kind="consent", statements={"read": True})
    assert act(editor, DOCUMENTS, "make_new_version", form) == [
        "Consent form, version 2 is ready to be edited."
    ]
    assert act(editor, DOCUMENTS, "make_new_version", form) == [
        "Consent form, version 1: There is a draft of this document already. "
        "Edit it, or delete it first."
    ]
    draft = Document.objects.drafts().get()
    assert editor.get(f"{DOCUMENTS}{draft.pk}/change/").status_code == 200


def test_document_that_is_not_ready_says_why(editor: Client) -> None:
    draft = DocumentFactory(kind="consent")
    response = editor.post(f"{DOCUMENTS}{draft.pk}/publish/", follow=True)
    assert said(response) == ["This document has no statements to agree to. Add one first."]
    draft.refresh_from_db()
    assert draft.state == "draft"


FROZEN = "Once published, this text and its statements cannot be changed or deleted."
SECOND = "From then on people see it in the place of version 1, which is kept."


@pytest.mark.parametrize(
    ("kind", "anew", "sentence"),
    [
        (
            "consent",
            True,
            "Everybody who has joined must agree anew: they are asked when they next come. "
            "Until they agree, their weeks stay open and nothing is recorded of them.",
        ),
        (
            "consent",
            False,
            "Those who have joined are not asked again. If they must be, go back and tick "
            "“People must agree anew” first.",
        ),
        ("information", False, "Nobody is asked to agree anew."),
        ("privacy", True, "Nobody is asked to agree anew."),  # in research they agree elsewhere
    ],
)
def test_publishing_asks_first_and_says_what_freezes_and_who_must_agree_anew(
    editor: Client, kind: str, anew: bool, sentence: str
) -> None:
    study = StudyFactory(documents=False)
    published_document(study=study, kind=kind, statements={"read": True})
    draft = DocumentFactory(
        study=study,
        kind=kind,
        version=2,
        requires_new_consent=anew,
        statements={"read": True} if kind == "consent" else None,
    )
    button = f'href="{DOCUMENTS}{draft.pk}/publish/"'
    assert button in editor.get(f"{DOCUMENTS}{draft.pk}/change/").content.decode()

    page = editor.get(f"{DOCUMENTS}{draft.pk}/publish/")

    statements = [f"People agree to: “{each.text}”" for each in draft.statements.all()]
    assert page.context["sentences"] == [*statements, FROZEN, SECOND, sentence]
    assert page.context["button"] == "Yes, publish version 2"
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_first_version_is_published_without_a_word_of_agreeing_anew(editor: Client) -> None:
    draft = DocumentFactory(study=StudyFactory(documents=False), kind="information")

    page = editor.get(f"{DOCUMENTS}{draft.pk}/publish/")

    assert page.context["sentences"] == [FROZEN, "It is the first version that people see."]


def test_documents_are_not_published_from_their_list(editor: Client) -> None:
    draft = DocumentFactory(kind="information")

    act(editor, DOCUMENTS, "publish", draft)

    draft.refresh_from_db()
    assert draft.state == "draft"
    assert "make_new_version" in editor.get(DOCUMENTS).content.decode()


def test_document_is_published_by_those_with_the_right_alone() -> None:
    draft = DocumentFactory(kind="information")
    url = f"{DOCUMENTS}{draft.pk}/publish/"
    viewer = UserFactory(staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    researcher = UserFactory(researcher_of=draft.study)

    for client in (signed_in(EnrolmentFactory().user), signed_in(researcher), Client()):
        assert client.post(url).status_code == 302
    for client in (signed_in(with_second_step(viewer)), staff_client(staff=True)):
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_document_that_is_not_there_is_not_found(editor: Client) -> None:
    assert editor.get(f"{DOCUMENTS}999/publish/").status_code == 404


def test_kept_rows_say_why_and_not_that_a_sign_in_is_missing(editor: Client) -> None:
    form = published_document(kind="consent", statements={"read": True})
    published = (
        "This version is published. It cannot be changed or deleted, because people may have read "
        "it or agreed to it. To change something, make a new version in the list of documents."
    )
    opened = "This study has been open to people, and so it is kept. You can close it."

    for address, sentence in [
        (f"{DOCUMENTS}{form.pk}/delete/", published),
        (f"{DOCUMENTS}{form.pk}/publish/", published),
        (f"{STUDIES}{form.study_id}/delete/", opened),
    ]:
        page = editor.get(address)
        assert (page.status_code, page.context["sentences"]) == (403, [sentence])


def test_without_the_right_a_kept_row_says_nothing_of_itself() -> None:
    form = published_document(kind="consent", statements={"read": True})
    viewer = UserFactory(staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))

    page = signed_in(with_second_step(viewer)).get(f"{DOCUMENTS}{form.pk}/delete/")

    assert (page.status_code, b"is published" in page.content) == (403, False)


def test_tallies_are_read_and_not_changed(editor: Client) -> None:
    tally = ScreeningTally.objects.create(study=StudyFactory(), day=date(2026, 5, 4), count=3)
    url = "/admin/studies/screeningtally/"
    assert editor.get(url).status_code == 200
    assert editor.get(f"{url}{tally.pk}/change/").status_code == 200
    for change in ("add/", f"{tally.pk}/delete/"):
        assert editor.get(f"{url}{change}").status_code == 403
    assert editor.post(f"{url}{tally.pk}/change/", {"count": 9}).status_code == 403


def test_tallies_count_screenings_not_people(editor: Client) -> None:
    ScreeningTally.objects.create(study=StudyFactory(), day=date(2026, 5, 4), count=3)

    listed = editor.get("/admin/studies/screeningtally/").context["cl"]

    assert listed.model._meta.get_field("count").verbose_name == "screenings"
    page = editor.get("/admin/studies/screeningtally/").content.decode()
    assert re.findall(r'column-count">.*?<a[^>]*>(.*?)</a>', page, re.DOTALL) == ["Screenings"]


def test_viewer_cannot_open_or_publish() -> None:
    viewer = UserFactory(staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    study = StudyFactory(state=Study.State.DRAFT)
    act(signed_in(with_second_step(viewer)), STUDIES, "open_to_new_people", study)
    study.refresh_from_db()
    assert study.state == "draft"


def test_day_until_which_data_are_kept_is_never_moved_into_the_past(editor: Client) -> None:
    study = StudyFactory()
    past = {"deletion_cutoff": date(2020, 1, 1), "retention_until": date(2020, 1, 1)}
    page = editor.post(f"{STUDIES}{study.pk}/change/", study_data(**past))
    assert page.context["adminform"].form.errors == {
        "retention_until": ["This day has passed. Choose a later one."]
    }
