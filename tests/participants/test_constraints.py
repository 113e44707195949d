"""What the database itself refuses, whoever writes and however they go round the forms."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction

from participants.models import (
    ConsentAnswer,
    ConsentSignature,
    Demographics,
    Engagement,
    Enrolment,
    MediaProgress,
    Play,
    PracticeLog,
    Session,
    StudyResearcher,
)
from participants.withdrawal import withdraw
from tests.factories.participants import (
    EngagementFactory,
    EnrolmentFactory,
    PlayFactory,
    PracticeFactory,
    SessionFactory,
    UserFactory,
    active_enrolment,
    invited,
)
from tests.factories.studies import StudyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def refuses_update(row: models.Model, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**fields)


def refuses_copy(row: models.Model, **fields: Any) -> None:
    """A second row like the first, apart from its key and `fields`."""
    model = type(row)
    copy = model._default_manager.get(pk=row.pk)
    copy.pk = uuid4() if isinstance(model._meta.pk, models.UUIDField) else None
    for name, value in fields.items():
        setattr(copy, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        model._default_manager.bulk_create([copy])


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "active"},
        {"status": "joining", "day_chosen_at": NOW},
        {"status": "away"},
        {"status": "withdrawn"},
        {"status": "withdrawn", "withdrawn_at": NOW},
        {"status": "withdrawn", "withdrawn_at": NOW, "withdrawal": "a little"},
        {"withdrawn_at": NOW},
        {"withdrawal": "training"},
        {"erasure_requested_at": NOW},
        {"status": "withdrawn", "withdrawn_at": NOW, "withdrawal": "erasure"},
        {"erased_at": NOW},
        {"user": None},
        {"link_version": 0},
        {"weeks_opened": -1},
        {"weeks_taken_part": -1},
        {"code": "AAA-AAA"},
    ],
)
def test_enrolment_that_contradicts_itself_is_refused(fields: dict[str, Any]) -> None:
    refuses_update(EnrolmentFactory(), **fields)


@pytest.mark.parametrize(
    "fields",
    [{"weeks_opened": 1}, {"weeks_taken_part": 1}, {"last_use_at": NOW}, {"last_seen_at": NOW}],
)
def test_use_is_noted_of_nobody_who_has_not_agreed_or_asked_for_deletion(
    fields: dict[str, Any],
) -> None:
    gone = withdraw(enrolment=EnrolmentFactory(), level="erasure", reason="", now=NOW)
    for person in (invited(), gone):
        refuses_update(person, **fields)
    by_update(
        withdraw(enrolment=EnrolmentFactory(), level="everything", reason="", now=NOW), **fields
    )


def test_enrolment_of_one_person_in_one_study_is_one() -> None:
    enrolment = EnrolmentFactory()
    refuses_copy(enrolment, code="BBB-BBB")


def test_enrolment_code_is_one_persons() -> None:
    enrolment = EnrolmentFactory()
    refuses_copy(enrolment, user=UserFactory())


def test_enrolment_does_not_move_to_another_study() -> None:
    refuses_update(EnrolmentFactory(), study=StudyFactory())


def test_enrolment_is_never_deleted() -> None:
    enrolment = EnrolmentFactory(agreed=False)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        Enrolment.objects.filter(pk=enrolment.pk).delete()


def by_update(row: Enrolment, **fields: Any) -> None:
    Enrolment.objects.filter(pk=row.pk).update(**fields)


def by_bulk_update(row: Enrolment, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    Enrolment.objects.bulk_update([row], list(fields))


def by_sql(row: Enrolment, **fields: Any) -> None:
    for name, value in fields.items():
        field = Enrolment._meta.get_field(name)
        stored = field.get_db_prep_save(getattr(value, "pk", value), connection)
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE participants_enrolment SET "{field.column}" = %s WHERE id = %s',
                [stored, row.pk],
            )


@pytest.mark.parametrize("way", [by_update, by_bulk_update, by_sql])
@pytest.mark.parametrize("name", ["code", "study", "edition", "consented_at"])
@pytest.mark.parametrize("level", ["", "erasure"])
def test_enrolment_keeps_what_was_agreed_to(way: Any, name: str, level: str) -> None:
    enrolment = EnrolmentFactory()
    if level:
        withdraw(enrolment=enrolment, level=level, reason="", now=NOW)
    before = Enrolment.objects.filter(pk=enrolment.pk).values().get()
    study = StudyFactory()
    forged = {"code": "ABCDEFG", "study": study, "edition": study.edition, "consented_at": NOW}
    with pytest.raises(IntegrityError, match="An enrolment keeps"), transaction.atomic():
        way(enrolment, **{name: forged[name]})
    assert Enrolment.objects.filter(pk=enrolment.pk).values().get() == before


def test_enrolment_withdrawn_stays_withdrawn() -> None:
    enrolment = EnrolmentFactory(status="withdrawn", withdrawn_at=NOW, withdrawal="everything")
    refuses_update(enrolment, status="joining", withdrawn_at=None, withdrawal="")


@pytest.mark.parametrize(
    "fields",
    [
        {"age_answered": "answered"},
        {"age": 30},
        {"age_answered": "answered", "age": 17},
        {"age_answered": "answered", "age": 121},
        {"age_answered": "later"},
        {"gender_answered": "answered"},
        {"gender": "woman"},
        {"gender_answered": "answered", "gender": "other"},
        {"gender_own_words": "words"},
        {"gender_answered": "answered", "gender": "man", "gender_own_words": "words"},
        {"ethnicity_answered": "answered"},
        {"ethnicity_answered": "answered", "ethnicity": "other"},
        {"ethnicity_own_words": "words"},
        {"ethnicity_answered": "declined", "ethnicity": "white"},
        {"education_answered": "answered"},
        {"education_answered": "answered", "education": "other"},
        {"education_answered": "skipped", "education": "degree"},
    ],
)
def test_demographics_that_contradict_are_refused(fields: dict[str, Any]) -> None:
    row = Demographics.objects.create(enrolment=EnrolmentFactory(agreed=False))
    refuses_update(row, **fields)


def test_demographics_are_one_for_each_person() -> None:
    refuses_copy(Demographics.objects.create(enrolment=EnrolmentFactory(agreed=False)))


def test_session_is_one_for_each_week() -> None:
    refuses_copy(SessionFactory())


def test_session_finished_was_opened() -> None:
    refuses_update(SessionFactory(), finished_at=NOW)


@pytest.mark.parametrize(
    "fields",
    [{"seconds": 0}, {"seconds": -1}, {"position": -1}, {"speed": 0}, {"speed": 4.1}],
)
def test_play_that_cannot_be_is_refused(fields: dict[str, Any]) -> None:
    refuses_copy(PlayFactory(), **fields)


@pytest.mark.parametrize("fields", [{"seconds": -1}, {"position": -1}])
def test_progress_below_nothing_is_refused(fields: dict[str, Any]) -> None:
    refuses_update(progress(), **fields)


def test_progress_is_one_for_each_medium() -> None:
    refuses_copy(progress())


def progress() -> MediaProgress:
    session = SessionFactory()
    return MediaProgress.objects.create(
        session=session,
        material=session.module.materials.get(key="video"),
        app_version="test",
        updated_at=NOW,
    )


def test_engagement_of_no_known_kind_is_refused() -> None:
    refuses_copy(EngagementFactory(), kind="looked")


def test_practice_says_what() -> None:
    refuses_update(PracticeFactory(), activity="")


def test_consent_answer_is_one_for_each_statement() -> None:
    answer = EnrolmentFactory().consent_answers.first()
    assert answer is not None
    refuses_copy(answer)


@pytest.mark.parametrize(
    "given",
    [
        {"method": "elsewhere"},
        {"by": True},
        {"method": "elsewhere", "by": True},
        {"method": "elsewhere", "by": True, "taken_by": " \t\n"},
        {"method": "elsewhere", "taken_by": "A nurse"},
    ],
)
def test_consent_entered_by_staff_names_who(given: dict[str, Any]) -> None:
    answer = EnrolmentFactory().consent_answers.first()
    assert answer is not None
    someone_else = EnrolmentFactory(study=answer.enrolment.study, agreed=False)
    by = UserFactory(staff=True) if given.pop("by", False) else None
    refuses_copy(answer, enrolment=someone_else, recorded_by=by, **given)


def test_signature_is_one_for_each_document_and_has_a_name() -> None:
    signature = EnrolmentFactory().signatures.get()
    refuses_copy(signature)
    someone_else = EnrolmentFactory(study=signature.enrolment.study, agreed=False)
    refuses_copy(signature, enrolment=someone_else, typed_name="")


def test_researcher_is_one_for_each_study() -> None:
    UserFactory(researcher_of=StudyFactory())
    refuses_copy(StudyResearcher.objects.get())


def made_final() -> list[tuple[models.Model, dict[str, Any]]]:
    enrolment = EnrolmentFactory()
    session = SessionFactory(enrolment=enrolment)
    return [
        (enrolment.consent_answers.get(statement__key="interview"), {"agreed": False}),
        (enrolment.signatures.get(), {"typed_name": "Another Name"}),
        (PlayFactory(session=session), {"seconds": 1.0}),
        (EngagementFactory(session=session), {"kind": "read"}),
    ]


def test_what_was_recorded_is_never_changed() -> None:
    for row, fields in made_final():
        with pytest.raises(IntegrityError, match="cannot be changed"), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**fields)


@pytest.mark.parametrize("level", ["", "training", "everything", "erasure"])
def test_what_was_recorded_is_deleted_where_erasure_was_asked_alone(level: str) -> None:
    enrolment = active_enrolment()
    session = enrolment.sessions.first()
    PlayFactory(session=session)
    EngagementFactory(session=session)
    if level:
        asked = {"erasure_requested_at": NOW, "last_use_at": None, "weeks_taken_part": 0}
        Enrolment.objects.update(
            status="withdrawn",
            withdrawn_at=NOW,
            withdrawal=level,
            **(asked if level == "erasure" else {}),
        )
    for model in (ConsentAnswer, Play, Engagement):
        if level == "erasure":
            assert model.objects.all().delete()[0] > 0
        else:
            with pytest.raises(IntegrityError, match="asked for erasure"), transaction.atomic():
                model.objects.all().delete()


def test_what_was_recorded_is_not_deleted_along_with_its_week() -> None:
    session = PlayFactory().session
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).delete()


def test_practice_and_progress_follow_their_week() -> None:
    session = PracticeFactory().session
    Session.objects.filter(pk=session.pk).delete()
    assert not PracticeLog.objects.exists()


def test_signature_alone_can_be_deleted() -> None:
    EnrolmentFactory()
    ConsentSignature.objects.all().delete()
    assert not ConsentSignature.objects.exists()


EVERY_MESSAGE = [
    (model, constraint)
    for model in (
        ConsentAnswer, ConsentSignature, Demographics, Engagement, Enrolment, MediaProgress,
        Play, PracticeLog, Session, StudyResearcher,
    )
    for constraint in model._meta.constraints
]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "constraint"), EVERY_MESSAGE, ids=[each.name for _, each in EVERY_MESSAGE]
)
def test_each_constraint_has_a_sentence(
    model: type[models.Model], constraint: models.BaseConstraint
) -> None:
    assert str(constraint.violation_error_message).endswith(".")
