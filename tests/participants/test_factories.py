"""What the other tests build on is itself whole."""

import pytest

from participants.models import ConsentAnswer, Enrolment
from tests.factories.participants import (
    EngagementFactory,
    EnrolmentFactory,
    PlayFactory,
    PracticeFactory,
    UserFactory,
    active_enrolment,
)
from tests.factories.studies import ServiceFactory, StudyFactory

pytestmark = pytest.mark.django_db


def test_study_is_set_up_whole() -> None:
    study = StudyFactory()
    assert [criterion.key for criterion in study.criteria.all()] == ["adult", "internet", "english"]
    assert {document.kind for document in study.documents.published()} == {"information", "consent"}


def test_service_has_a_privacy_notice_alone() -> None:
    service = ServiceFactory()
    assert [document.kind for document in service.documents.published()] == ["privacy"]
    assert not service.criteria.exists()


def test_study_without_documents_or_criteria() -> None:
    study = StudyFactory(documents=False, criteria=False)
    assert (study.documents.count(), study.criteria.count()) == (0, 0)


def test_enrolment_has_agreed_to_every_statement() -> None:
    enrolment = EnrolmentFactory()
    answers = ConsentAnswer.objects.filter(enrolment=enrolment)
    assert {answer.statement.key for answer in answers} == {
        "read", "free", "watch", "data", "interview",
    }  # fmt: skip
    assert enrolment.signatures.count() == 1


def test_enrolment_of_nobody_who_agreed() -> None:
    assert not EnrolmentFactory(agreed=False).consent_answers.exists()


def test_active_enrolment_has_its_weeks() -> None:
    enrolment = active_enrolment(study=ServiceFactory())
    assert enrolment.status == Enrolment.Status.ACTIVE
    assert [session.module.week for session in enrolment.sessions.in_order()] == [1, 2, 3, 4]


def test_use_is_valid() -> None:
    for made in (PlayFactory(), EngagementFactory(), PracticeFactory()):
        made.full_clean()


def test_researcher_sees_one_study() -> None:
    study = StudyFactory()
    assert UserFactory(researcher_of=study).studies_researched.get().study == study
