"""What people tell of themselves and of their weeks, told once or twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants.models import Demographics, Engagement, Enrolment, PracticeLog, Session
from participants.services import (
    DemographicAnswers,
    did_another_way,
    finish_session,
    note_practice,
    note_visit,
    open_session,
    save_demographics,
)
from participants.withdrawal import withdraw
from tests.factories.participants import EnrolmentFactory, SessionFactory, active_enrolment

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def session() -> Session:
    return SessionFactory(opens_at=NOW - timedelta(days=3))


def practice(session: Session, **given: Any) -> bool:
    told = {
        "session": session,
        "material": None,
        "activity": "Listen to the exercise.",
        "practised_on": NOW.date(),
        "uuid": uuid4(),
        "now": NOW,
    }
    return note_practice(**{**told, **given})


def test_answers_about_oneself_are_kept_with_how_they_were_answered() -> None:
    enrolment = EnrolmentFactory()
    answers = DemographicAnswers(
        age_answered="answered",
        age=34,
        gender_answered="answered",
        gender="own_words",
        gender_own_words="agender",
        ethnicity_answered="declined",
    )
    assert save_demographics(enrolment=enrolment, answers=answers, now=NOW)
    kept = enrolment.demographics
    assert (kept.age, kept.gender, kept.gender_own_words) == (34, "own_words", "agender")
    assert (kept.ethnicity_answered, kept.education_answered) == ("declined", "skipped")
    assert enrolment.demographics_at == NOW


def test_answers_about_oneself_can_be_changed_and_keep_their_first_date() -> None:
    enrolment = EnrolmentFactory()
    for age, now in ((34, NOW), (35, LATER)):
        answers = DemographicAnswers(age_answered="answered", age=age)
        save_demographics(enrolment=enrolment, answers=answers, now=now)
    enrolment.refresh_from_db()
    assert (enrolment.demographics.age, enrolment.demographics_at) == (35, NOW)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (
            {"age_answered": "answered"},
            "A question has a value exactly when it was answered.",
        ),
        (
            {"age_answered": "answered", "age": 17},
            "Give your age in whole years, from 18 to 120.",
        ),
        (
            {"age_answered": "answered", "age": 121},
            "Give your age in whole years, from 18 to 120.",
        ),
        (
            {"gender_answered": "answered", "gender": "own_words", "gender_own_words": " "},
            "Write a few words, or skip this one.",
        ),
        (
            {"gender_answered": "answered", "gender": "woman", "gender_own_words": "words"},
            "Own words go with the answer “In my own words”.",
        ),
        (
            {"education": "degree"},
            "A question has a value exactly when it was answered.",
        ),
    ],
)
def test_answers_that_contradict_are_refused_with_a_sentence(
    answers: dict[str, Any], sentence: str
) -> None:
    enrolment = EnrolmentFactory()
    with pytest.raises(ValidationError) as refusal:
        save_demographics(enrolment=enrolment, answers=DemographicAnswers(**answers), now=NOW)
    assert refusal.value.messages == [sentence]
    assert not Demographics.objects.exists()


def test_week_opened_keeps_the_first_time_and_the_last_seen(session: Session) -> None:
    assert open_session(session=session, now=NOW)
    assert open_session(session=session, now=LATER)
    session.refresh_from_db()
    assert session.first_opened_at == NOW
    assert Enrolment.objects.get().last_seen_at == LATER


def test_visit_is_kept_to_the_hour() -> None:
    enrolment = active_enrolment()
    seen = []
    for minutes in (0, 59, 60, 61):
        enrolment.refresh_from_db()
        moment = NOW + timedelta(minutes=minutes)
        seen.append(note_visit(enrolment=enrolment, now=moment))
    enrolment.refresh_from_db()
    assert seen == [True, False, True, False]
    assert enrolment.last_seen_at == NOW + timedelta(hours=1)


def test_visits_of_one_day_are_one(session: Session) -> None:
    for now in (NOW, LATER, NOW + timedelta(days=1)):
        open_session(session=session, now=now)
    visits = Engagement.objects.order_by("at")
    assert [(visit.kind, visit.at) for visit in visits] == [
        ("opened", NOW),
        ("opened", NOW + timedelta(days=1)),
    ]


def test_week_looked_at_again_costs_few_queries(session: Session) -> None:
    open_session(session=session, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        open_session(session=session, now=LATER)
    asked = [query for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 3


@pytest.mark.django_db(transaction=True)
def test_week_opened_in_many_tabs_at_once_is_one_visit() -> None:
    session = SessionFactory(opens_at=NOW - timedelta(days=3))

    def look(_: int) -> bool:
        try:
            return open_session(session=Session.objects.get(pk=session.pk), now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(look, range(4))) == [True] * 4
    assert Engagement.objects.count() == 1


def test_week_finished_keeps_the_first_time(session: Session) -> None:
    open_session(session=session, now=NOW)
    assert finish_session(session=session, now=LATER)
    assert finish_session(session=session, now=LATER + timedelta(days=1))
    session.refresh_from_db()
    assert (session.first_opened_at, session.finished_at) == (NOW, LATER)


def test_week_finished_without_being_looked_at_counts_as_opened(session: Session) -> None:
    assert finish_session(session=session, now=NOW)
    session.refresh_from_db()
    assert (session.first_opened_at, session.finished_at) == (NOW, NOW)


def test_practice_is_noted_with_the_words_it_was_chosen_by(session: Session) -> None:
    exercise = session.module.materials.get(key="exercise")
    assert practice(session, material=exercise, activity=" Soothing rhythm breathing ")
    noted = PracticeLog.objects.get()
    assert (noted.material, noted.activity) == (exercise, "Soothing rhythm breathing")
    assert (noted.practised_on, noted.noted_at) == (NOW.date(), NOW)


def test_practice_noted_twice_by_a_double_click_is_one(session: Session) -> None:
    uuid = UUID(int=7)
    assert [practice(session, uuid=uuid), practice(session, uuid=uuid)] == [True, False]
    assert PracticeLog.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        (date(2026, 4, 29), False),
        (date(2026, 4, 30), True),  # the day before it opened by UTC: elsewhere it was that day
        (date(2026, 5, 1), True),
        (date(2026, 5, 5), True),  # somewhere it is tomorrow already
        (date(2026, 5, 6), False),
    ],
)
def test_practice_is_noted_for_days_since_the_week_opened(
    session: Session, day: date, kept: bool
) -> None:
    assert practice(session, practised_on=day) is kept


@pytest.mark.parametrize("activity", ["", "   ", "x" * 301])
def test_practice_without_words_or_with_too_many_is_not_noted(
    session: Session, activity: str
) -> None:
    assert not practice(session, activity=activity)


def test_practice_with_an_exercise_of_another_week_is_not_noted(session: Session) -> None:
    other = session.enrolment.edition.modules.get(week=2).materials.get(key="exercise")
    assert not practice(session, material=other)


def test_week_done_another_way_is_kept_once(session: Session) -> None:
    uuid = uuid4()
    assert did_another_way(session=session, uuid=uuid, now=NOW)
    assert not did_another_way(session=session, uuid=uuid, now=NOW)
    assert Engagement.objects.get().kind == "another_way"


def test_week_that_is_not_open_takes_nothing() -> None:
    session = SessionFactory(opens_at=NOW + timedelta(seconds=1))
    assert not open_session(session=session, now=NOW)
    assert not finish_session(session=session, now=NOW)
    assert not practice(session)
    session.refresh_from_db()
    assert session.first_opened_at is None


@pytest.mark.parametrize("level", Enrolment.Withdrawal.values)
def test_nothing_is_taken_after_a_withdrawal(level: Enrolment.Withdrawal) -> None:
    enrolment = active_enrolment()
    session = enrolment.sessions.first()
    assert session is not None
    withdraw(enrolment=enrolment, level=level, reason="", now=NOW)

    assert not open_session(session=session, now=LATER)
    assert not finish_session(session=session, now=LATER)
    assert not note_visit(enrolment=enrolment, now=LATER)
    assert not practice(session)
    assert not did_another_way(session=session, uuid=uuid4(), now=LATER)
    assert not save_demographics(enrolment=enrolment, answers=DemographicAnswers(), now=LATER)
    enrolment.refresh_from_db()
    assert (enrolment.last_seen_at, enrolment.demographics_at) == (None, None)
    assert not Engagement.objects.exists()
