"""What the database itself refuses of a study, whoever writes and however they go round the forms."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from studies.models import (
    ConsentStatement,
    Document,
    EligibilityCriterion,
    ScreeningTally,
    Study,
)
from studies.validators import validate_zone
from tests.factories.courses import draft_edition, published_edition
from tests.factories.studies import (
    CriterionFactory,
    DocumentFactory,
    ServiceFactory,
    StudyFactory,
    published_document,
)
from tests.participants.test_constraints import refuses_copy, refuses_update

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {"purpose": "therapy"},
        {"state": "open"},
        {"recruiting_from": NOW, "recruiting_until": NOW},
        {"access_months": 11},
        {"deletion_cutoff": date(2061, 1, 1)},
        {"ethics_reference": ""},
    ],
)
def test_study_that_contradicts_itself_is_refused(fields: dict[str, Any]) -> None:
    refuses_update(StudyFactory(), **fields)


def test_study_has_an_address_of_its_own() -> None:
    refuses_copy(StudyFactory())


def test_study_in_draft_and_service_need_no_ethics_reference() -> None:
    StudyFactory(state=Study.State.DRAFT, ethics_reference="")
    ServiceFactory(ethics_reference="")


def test_study_that_recruits_needs_a_published_edition() -> None:
    edition = draft_edition(1)
    refuses_copy(StudyFactory(), slug="another", edition=edition)
    refuses_update(StudyFactory(), edition=edition)
    refuses_update(StudyFactory(state=Study.State.DRAFT, edition=edition), state="recruiting")


def test_study_can_move_to_a_newer_edition() -> None:
    study = StudyFactory()
    newer = published_edition(1, course=study.edition.course)
    Study.objects.filter(pk=study.pk).update(edition=newer)
    study.refresh_from_db()
    assert study.edition == newer


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "letter"},
        {"state": "published"},
        {"published_at": NOW},
        {"requires_new_consent": True},
    ],
)
def test_document_that_contradicts_itself_is_refused(fields: dict[str, Any]) -> None:
    refuses_update(DocumentFactory(), **fields)


def test_document_version_is_one_and_so_is_its_draft() -> None:
    published = published_document()
    refuses_copy(published)
    draft = DocumentFactory(study=published.study)
    refuses_copy(draft, version=9)


def consent_form() -> Document:
    return published_document(kind="consent", statements={"read": True, "free": True})


@pytest.mark.parametrize(
    "fields",
    [{"body": "<p>Other words.</p>"}, {"title": "Other"}, {"state": "draft", "published_at": None}],
)
def test_published_document_is_never_changed(fields: dict[str, Any]) -> None:
    refuses_update(consent_form(), **fields)


def test_published_document_is_never_deleted() -> None:
    form = consent_form()
    for rows in (form.statements.all(), Document.objects.filter(pk=form.pk)):
        with pytest.raises(IntegrityError, match="cannot be"), transaction.atomic():
            rows._raw_delete(rows.db)


def test_statement_of_a_published_document_stays_as_it_was_read() -> None:
    form = consent_form()
    statement = form.statements.get(key="read")
    refuses_update(statement, text="Other words.")
    refuses_update(statement, required=False)
    refuses_copy(statement, key="new", position=3)


@pytest.mark.parametrize("key", ["dataSharing", "taken_by"])
def test_key_of_a_statement_can_name_a_column_of_a_list(key: str) -> None:
    draft = DocumentFactory(kind="consent", statements={"watch": True})
    refuses_copy(draft.statements.get(), key=key, position=2)


def test_statement_does_not_move_into_or_out_of_a_published_document() -> None:
    form = consent_form()
    draft = DocumentFactory(study=form.study, kind="consent", statements={"watch": True})
    refuses_update(form.statements.get(key="read"), document=draft, position=9)
    refuses_update(draft.statements.get(), document=form, position=9)


def test_draft_is_changed_and_deleted_freely() -> None:
    draft = DocumentFactory(kind="consent", statements={"read": True})
    draft.statements.update(text="Other words.")
    draft.delete()
    assert not ConsentStatement.objects.exists()


def test_statement_has_a_key_and_a_place_of_its_own() -> None:
    draft = DocumentFactory(kind="consent", statements={"read": True})
    refuses_copy(draft.statements.get(), position=2)
    refuses_copy(draft.statements.get(), key="free")


def test_criterion_has_a_key_and_a_place_of_its_own() -> None:
    criterion = CriterionFactory()
    refuses_copy(criterion, position=2)
    refuses_copy(criterion, key="other")
    refuses_update(criterion, way_out="elsewhere")


def test_tally_is_one_for_each_source_day_and_criterion() -> None:
    tally = ScreeningTally.objects.create(study=StudyFactory(), day=date(2026, 5, 4), count=1)
    refuses_copy(tally)
    refuses_update(tally, count=-1)


@pytest.mark.parametrize("name", ["", "Europe/Atlantis", "london", "../etc/passwd"])
def test_zone_that_is_none_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(ValidationError, match="Write one like Europe/London"):
        validate_zone(name)


EVERY_MESSAGE = [
    (model, constraint)
    for model in (Study, Document, ConsentStatement, EligibilityCriterion, ScreeningTally)
    for constraint in model._meta.constraints
]


@pytest.mark.parametrize(
    ("model", "constraint"), EVERY_MESSAGE, ids=[each.name for _, each in EVERY_MESSAGE]
)
def test_each_constraint_has_a_sentence(
    model: type[models.Model], constraint: models.BaseConstraint
) -> None:
    assert str(constraint.violation_error_message).endswith(".")
