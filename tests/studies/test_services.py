"""Publishing documents, opening studies, counting those who were asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from studies.models import Document, ScreeningTally, Study
from studies.services import (
    CannotMakeVersion,
    CannotPublish,
    NotReady,
    close_study,
    new_version,
    open_study,
    publish_document,
    tally_screening,
)
from tests.factories.courses import draft_edition
from tests.factories.studies import (
    CriterionFactory,
    DocumentFactory,
    ServiceFactory,
    StudyFactory,
    published_document,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def test_published_document_says_when_and_is_in_force() -> None:
    document = DocumentFactory()
    assert Document.objects.in_force(document.study, "information") is None
    published = publish_document(document=document, now=NOW)
    assert (published.state, published.published_at) == ("published", NOW)
    assert Document.objects.in_force(document.study, "information") == published


def test_publishing_twice_keeps_the_first_date() -> None:
    document = DocumentFactory()
    publish_document(document=document, now=NOW)
    again = publish_document(document=document, now=NOW + timedelta(days=1))
    assert again.published_at == NOW


def test_document_without_text_is_not_published() -> None:
    with pytest.raises(CannotPublish, match="no text"):
        publish_document(document=DocumentFactory(body=" "), now=NOW)


@pytest.mark.parametrize(("made", "kind"), [(StudyFactory, "consent"), (ServiceFactory, "privacy")])
def test_document_to_agree_to_needs_a_statement(made: type[StudyFactory], kind: str) -> None:
    document = DocumentFactory(study=made(documents=False), kind=kind)
    with pytest.raises(CannotPublish, match="no statements"):
        publish_document(document=document, now=NOW)


def test_document_to_read_needs_no_statement() -> None:
    study = StudyFactory(documents=False)
    for kind in ("information", "privacy", "interview"):
        assert published_document(study=study, kind=kind).is_published


def test_document_is_cleaned_whoever_saves_it() -> None:
    document = DocumentFactory(
        body='<p onclick="run()">Read <script>run()</script><b>this</b>.</p>'
    )
    document.refresh_from_db()
    assert document.body == "<p>Read <b>this</b>.</p>"


def test_newest_published_version_is_in_force() -> None:
    study = StudyFactory(documents=False)
    first = published_document(study=study)
    second = published_document(study=study)
    DocumentFactory(study=study)
    assert [first.version, second.version] == [1, 2]
    assert Document.objects.in_force(study, "information") == second


def test_new_version_begins_as_a_copy() -> None:
    study = StudyFactory()
    form = Document.objects.in_force(study, "consent")
    assert form is not None
    draft = new_version(document=form)
    assert (draft.version, draft.state, draft.title, draft.body) == (
        2,
        "draft",
        form.title,
        form.body,
    )
    assert not draft.requires_new_consent
    assert [
        (each.key, each.text, each.required, each.position) for each in draft.statements.all()
    ] == [(each.key, each.text, each.required, each.position) for each in form.statements.all()]


def test_new_version_is_numbered_after_the_newest_whichever_it_copies() -> None:
    study = StudyFactory(documents=False)
    first = published_document(study=study)
    published_document(study=study)
    assert new_version(document=first).version == 3


def test_new_version_beside_a_draft_is_refused() -> None:
    study = StudyFactory()
    form = Document.objects.in_force(study, "consent")
    assert form is not None
    new_version(document=form)
    with pytest.raises(CannotMakeVersion, match="draft of this document already"):
        new_version(document=form)


def test_study_that_is_whole_opens() -> None:
    for study in (
        StudyFactory(state=Study.State.DRAFT),
        ServiceFactory(state=Study.State.DRAFT),
        StudyFactory(state=Study.State.CLOSED),
    ):
        assert open_study(study=study, now=NOW).is_recruiting(NOW)


def test_study_closed_lets_nobody_in() -> None:
    study = close_study(study=StudyFactory())
    assert study.state == "closed"
    assert not study.is_recruiting(NOW)


def test_empty_study_is_told_everything_that_is_missing() -> None:
    study = StudyFactory(
        state=Study.State.DRAFT,
        documents=False,
        criteria=False,
        edition=draft_edition(1),
        institution="",
        contact_email="",
        complaints_contact=" ",
        lead_name="",
        ethics_reference="",
        recruiting_until=NOW,
        deletion_cutoff=date(2026, 5, 4),
        retention_until=date(2026, 5, 4),
    )
    with pytest.raises(NotReady) as refusal:
        open_study(study=study, now=NOW)
    assert refusal.value.sentences == [
        "The edition is a draft. Publish it first.",
        "There is no published document of this kind: Information sheet.",
        "There is no published document of this kind: Consent form.",
        "There are no eligibility criteria. Say who may join.",
        "Say who runs this.",
        "Give an address that people can write to.",
        "Say who people can complain to.",
        "Name the person who leads the research.",
        "Give the ethics reference.",
        "Recruiting ended before now. Set a later end, or none.",
        "The last day for deletion on request has passed. Set a later one.",
        "The day that data are kept until has passed. Set a later one.",
    ]
    study.refresh_from_db()
    assert study.state == "draft"


def test_service_is_asked_for_less() -> None:
    service = ServiceFactory(
        state=Study.State.DRAFT, documents=False, lead_name="", ethics_reference=""
    )
    with pytest.raises(NotReady) as refusal:
        open_study(study=service, now=NOW)
    assert refusal.value.sentences == [
        "There is no published document of this kind: Privacy notice."
    ]


def test_draft_document_does_not_open_a_study() -> None:
    study = StudyFactory(state=Study.State.DRAFT, documents=False)
    published_document(study=study)
    DocumentFactory(study=study, kind="consent", statements={"read": True})
    with pytest.raises(NotReady, match="Consent form"):
        open_study(study=study, now=NOW)


def counts(study: Study) -> dict[tuple[Any, ...], int]:
    rows = ScreeningTally.objects.filter(study=study)
    return {(row.source, row.day, row.unmet): row.count for row in rows}


def test_screening_is_counted_by_source_day_and_criterion() -> None:
    study = StudyFactory()
    for source, unmet, now in (
        ("Poster 3", "", NOW),
        ("poster-3", "", NOW + timedelta(hours=1)),
        ("poster-3", "adult", NOW),
        ("", "", NOW + timedelta(days=1)),
    ):
        tally_screening(study=study, source=source, unmet=unmet, now=now)
    assert counts(study) == {
        ("poster-3", date(2026, 5, 4), ""): 2,
        ("poster-3", date(2026, 5, 4), "adult"): 1,
        ("", date(2026, 5, 5), ""): 1,
    }


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Pacific/Auckland", date(2026, 5, 5)), ("America/Los_Angeles", date(2026, 5, 4))],
)
def test_screening_is_counted_by_the_calendar_of_the_study(zone: str, day: date) -> None:
    study = StudyFactory(default_zone=zone)
    tally_screening(study=study, source="", unmet="", now=NOW + timedelta(hours=6))
    assert [tally.day for tally in study.screening_tallies.all()] == [day]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("x" * 300, "x" * 50),
        ("<script>", "script"),
        ("' OR 1=1 --", "or-11"),
        ("Ünïcode Straße", "unicode-strae"),
        ("\x00", ""),
    ],
)
def test_source_that_anybody_can_type_is_made_harmless(typed: str, kept: str) -> None:
    study = StudyFactory()
    tally_screening(study=study, source=typed, unmet="", now=NOW)
    assert [tally.source for tally in study.screening_tallies.all()] == [kept]


@pytest.mark.django_db(transaction=True)
def test_people_screened_at_one_moment_are_all_counted() -> None:
    study = StudyFactory()

    def count(_: int) -> None:
        try:
            tally_screening(study=study, source="", unmet="", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(count, range(24)))
    assert list(counts(study).values()) == [24]


def test_criterion_can_be_met_by_no() -> None:
    criterion = CriterionFactory(admits_yes=False)
    assert criterion.study.criteria.get().admits_yes is False
