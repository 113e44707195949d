"""Agreeing: whole or not at all, once for each person, never more people than there are places."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from participants.joining import (
    AlreadyJoined,
    CannotJoin,
    NameNeeded,
    StatementsMissing,
    StudyClosed,
    StudyFull,
    WordingChanged,
    agree,
    agree_anew,
    consent_is_current,
)
from participants.models import ConsentAnswer, ConsentSignature, Enrolment
from participants.withdrawal import withdraw
from studies.models import Document, Study
from tests.factories.courses import published_edition
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.studies import (
    RESEARCH_STATEMENTS,
    ServiceFactory,
    StudyFactory,
    published_document,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
YES = {"read": True, "free": True, "watch": True, "data": True}


def form_of(study: Study) -> Document:
    document = Document.objects.in_force(study, study.agreement_kind)
    assert document is not None
    return document


def joined(study: Study, **given: Any) -> Enrolment:
    told = {
        "study": study,
        "user": given.pop("user", None) or UserFactory(),
        "document": given.pop("document", None) or form_of(study),
        "answers": YES,
        "typed_name": "Demo Person",
        "source": "",
        "now": NOW,
    }
    return agree(**{**told, **given})


def newer_form(study: Study, *, anew: bool) -> Document:
    return published_document(
        study=study,
        kind=Document.Kind.CONSENT,
        statements=RESEARCH_STATEMENTS,
        requires_new_consent=anew,
    )


def test_agreeing_keeps_each_statement_and_the_name() -> None:
    study = StudyFactory()
    enrolment = joined(study, answers={**YES, "interview": True}, source="Poster 3")
    assert {answer.statement.key: answer.agreed for answer in enrolment.consent_answers.all()} == {
        **YES,
        "interview": True,
    }
    assert enrolment.signatures.get().typed_name == "Demo Person"
    assert (enrolment.status, enrolment.consented_at, enrolment.edition, enrolment.source) == (
        Enrolment.Status.JOINING,
        NOW,
        study.edition,
        "poster-3",
    )


def test_optional_statement_left_alone_is_stored_as_no() -> None:
    enrolment = joined(StudyFactory())
    assert enrolment.consent_answers.get(statement__key="interview").agreed is False


def test_required_statement_unticked_saves_nothing() -> None:
    with pytest.raises(StatementsMissing) as refusal:
        joined(StudyFactory(), answers={"read": True, "watch": True, "data": False})
    assert refusal.value.keys == ["free", "data"]
    assert (Enrolment.objects.count(), ConsentAnswer.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_name_empty_or_too_long_saves_nothing(name: str) -> None:
    with pytest.raises(NameNeeded):
        joined(StudyFactory(), typed_name=name)
    assert not Enrolment.objects.exists()


def test_service_takes_no_signature() -> None:
    service = ServiceFactory()
    enrolment = joined(service, answers={"privacy": True}, typed_name="")
    assert enrolment.consent_answers.get().agreed is True
    assert not ConsentSignature.objects.exists()


def test_service_wants_its_notice_acknowledged() -> None:
    with pytest.raises(StatementsMissing):
        joined(ServiceFactory(), answers={}, typed_name="")


def test_form_that_changed_while_it_was_read_is_refused() -> None:
    study = StudyFactory()
    read = form_of(study)
    newer_form(study, anew=False)
    with pytest.raises(WordingChanged):
        joined(study, document=read)


def test_form_of_another_study_or_kind_is_refused() -> None:
    study = StudyFactory()
    for document in (form_of(StudyFactory()), Document.objects.in_force(study, "information")):
        with pytest.raises(WordingChanged):
            joined(study, document=document)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": Study.State.DRAFT},
        {"state": Study.State.CLOSED},
        {"state": Study.State.ARCHIVED},
        {"recruiting_from": NOW + timedelta(seconds=1)},
        {"recruiting_until": NOW},
    ],
)
def test_study_not_recruiting_lets_nobody_in(fields: dict[str, Any]) -> None:
    with pytest.raises(StudyClosed):
        joined(StudyFactory(**fields))


def test_joining_twice_is_refused_with_the_way_home() -> None:
    enrolment = joined(StudyFactory())
    with pytest.raises(AlreadyJoined) as refusal:
        joined(enrolment.study, user=enrolment.user)
    assert refusal.value.message == "You have joined already. Go to your home page to carry on."


def test_coming_back_after_leaving_is_a_new_enrolment() -> None:
    first = joined(StudyFactory())
    withdraw(enrolment=first, level=Enrolment.Withdrawal.EVERYTHING, reason="", now=NOW)
    again = joined(first.study, user=first.user)
    assert again.code != first.code


def test_full_study_lets_nobody_more_in() -> None:
    study = StudyFactory(capacity=1)
    joined(study)
    with pytest.raises(StudyFull):
        joined(study)


def test_place_of_someone_who_left_stays_taken() -> None:
    study = StudyFactory(capacity=1)
    first = joined(study)
    withdraw(enrolment=first, level=Enrolment.Withdrawal.ERASURE, reason="", now=NOW)
    with pytest.raises(StudyFull):
        joined(study)


def test_test_people_take_no_place() -> None:
    study = StudyFactory(capacity=1)
    joined(study, is_test=True)
    joined(study)
    joined(study, is_test=True)
    assert Enrolment.objects.filter(study=study).count() == 3


def test_each_refusal_is_a_sentence() -> None:
    for refusal in (StudyFull(), StudyClosed(), AlreadyJoined(), WordingChanged(), NameNeeded()):
        assert isinstance(refusal, CannotJoin)
        assert refusal.message.endswith(".")


def test_edition_is_the_one_of_the_study_at_that_moment() -> None:
    study = StudyFactory()
    first = joined(study)
    study.edition = published_edition(course=study.edition.course)
    study.save()
    second = joined(study)
    assert [first.edition.number, second.edition.number] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_last_places_wanted_at_one_moment_are_given_once() -> None:
    study = StudyFactory(capacity=3)
    people = [UserFactory() for _ in range(8)]

    def try_to(user: Any) -> bool:
        try:
            joined(study, user=user)
        except StudyFull:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        let_in = list(threads.map(try_to, people))
    assert (sum(let_in), Enrolment.objects.count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_double_click_enrols_once() -> None:
    study, user = StudyFactory(), UserFactory()

    def press(_: int) -> bool:
        try:
            joined(study, user=user)
        except AlreadyJoined:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as threads:
        pressed = list(threads.map(press, range(4)))
    assert (sum(pressed), Enrolment.objects.count(), ConsentSignature.objects.count()) == (1, 1, 1)


def test_consent_is_current_until_a_version_asks_anew() -> None:
    enrolment = joined(StudyFactory())
    newer_form(enrolment.study, anew=False)
    assert consent_is_current(enrolment)
    newer_form(enrolment.study, anew=True)
    assert not consent_is_current(enrolment)


def test_consent_to_a_later_version_covers_the_one_that_asked_anew() -> None:
    study = StudyFactory()
    newer_form(study, anew=True)
    newer_form(study, anew=False)
    assert consent_is_current(joined(study))


def test_consent_of_someone_without_answers_is_not_current() -> None:
    assert not consent_is_current(EnrolmentFactory(agreed=False))


def test_draft_that_would_ask_anew_asks_nobody_yet() -> None:
    enrolment = joined(StudyFactory())
    Document.objects.create(
        study=enrolment.study,
        kind=Document.Kind.CONSENT,
        version=2,
        title="Consent form",
        body="<p>New.</p>",
        requires_new_consent=True,
    )
    assert consent_is_current(enrolment)


def test_agreeing_anew_is_kept_beside_the_first_time_and_once() -> None:
    enrolment = joined(StudyFactory())
    newer = newer_form(enrolment.study, anew=True)
    for _ in range(2):
        agree_anew(
            enrolment=enrolment, document=newer, answers=YES, typed_name="Demo Person", now=NOW
        )
    assert consent_is_current(enrolment)
    assert (enrolment.consent_answers.count(), enrolment.signatures.count()) == (10, 2)


def test_agreeing_anew_to_the_old_form_is_refused() -> None:
    enrolment = joined(StudyFactory())
    old = form_of(enrolment.study)
    newer_form(enrolment.study, anew=True)
    with pytest.raises(WordingChanged):
        agree_anew(enrolment=enrolment, document=old, answers=YES, typed_name="D P", now=NOW)


def test_agreeing_anew_after_leaving_is_refused() -> None:
    enrolment = joined(StudyFactory())
    withdraw(enrolment=enrolment, level=Enrolment.Withdrawal.TRAINING, reason="", now=NOW)
    with pytest.raises(StudyClosed):
        agree_anew(
            enrolment=enrolment,
            document=form_of(enrolment.study),
            answers=YES,
            typed_name="Demo Person",
            now=NOW,
        )
