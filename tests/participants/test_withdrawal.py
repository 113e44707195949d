"""Stopping at each level, going further, and what cannot be had any more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from participants.models import (
    ConsentAnswer,
    Demographics,
    Engagement,
    Enrolment,
    MediaProgress,
    Play,
    PracticeLog,
    Session,
)
from participants.playback import record_play
from participants.services import (
    DemographicAnswers,
    did_another_way,
    finish_session,
    note_practice,
    save_demographics,
)
from participants.withdrawal import HasGoneFurther, TooLateToDelete, can_delete, withdraw
from tests.factories.participants import EnrolmentFactory, active_enrolment
from tests.factories.studies import StudyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TRAINING, EVERYTHING, ERASURE = Enrolment.Withdrawal

COLLECTED: dict[type[models.Model], int] = {
    ConsentAnswer: 5,
    Demographics: 1,
    Engagement: 1,
    MediaProgress: 1,
    Play: 1,
    PracticeLog: 1,
}


def someone_who_did_everything() -> Enrolment:
    enrolment = active_enrolment()
    session = enrolment.sessions.in_order()[0]
    answers = DemographicAnswers(
        gender_answered="answered", gender="own_words", gender_own_words="as I say it"
    )
    assert save_demographics(enrolment=enrolment, answers=answers, now=NOW)
    assert record_play(
        session=session,
        material=session.module.materials.get(key="video"),
        uuid=uuid4(),
        started_at=NOW - timedelta(minutes=5),
        position=0,
        seconds=60,
        speed=1,
        resume_at=60,
        now=NOW,
    )
    assert did_another_way(session=session, uuid=uuid4(), now=NOW)
    assert note_practice(
        session=session,
        material=None,
        activity="Listened",
        practised_on=NOW.date(),
        uuid=uuid4(),
        now=NOW,
    )
    assert finish_session(session=session, now=NOW)
    assert rows() == COLLECTED
    return enrolment


def rows() -> dict[type[models.Model], int]:
    return {model: model._default_manager.count() for model in COLLECTED}


def stopped(enrolment: Enrolment, level: Enrolment.Withdrawal, reason: str = "") -> Enrolment:
    return withdraw(enrolment=enrolment, level=level, reason=reason, now=NOW)


@pytest.mark.parametrize("level", [TRAINING, EVERYTHING])
def test_stopping_without_deletion_keeps_what_was_collected(
    level: Enrolment.Withdrawal,
) -> None:
    enrolment = stopped(someone_who_did_everything(), level, " No time. ")
    assert rows() == COLLECTED
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.withdrawal, enrolment.withdrawn_at) == (
        "withdrawn",
        level,
        NOW,
    )
    assert (enrolment.withdrawal_reason, enrolment.link_version) == ("No time.", 2)
    assert enrolment.erasure_requested_at is None
    assert enrolment.user is not None


def test_stopping_with_deletion_deletes_what_was_collected_at_once() -> None:
    enrolment = stopped(someone_who_did_everything(), ERASURE)
    assert rows() == dict.fromkeys(COLLECTED, 0)
    enrolment.refresh_from_db()
    assert (enrolment.erasure_requested_at, enrolment.erased_at) == (NOW, None)
    assert enrolment.user is not None


def test_stopping_with_deletion_keeps_code_step_dates_and_the_plan_of_the_weeks() -> None:
    enrolment = someone_who_did_everything()
    planned = list(Session.objects.values_list("module__week", "opens_at"))
    steps = (enrolment.code, enrolment.consented_at, enrolment.day_chosen_at)
    stopped(enrolment, ERASURE)
    enrolment.refresh_from_db()
    assert (enrolment.code, enrolment.consented_at, enrolment.day_chosen_at) == steps
    assert list(Session.objects.values_list("module__week", "opens_at")) == planned
    assert set(
        Session.objects.values_list("first_opened_at", "finished_at", "playback_measurable")
    ) == {(None, None, False)}


def test_deletion_leaves_other_people_alone() -> None:
    other, leaving = active_enrolment(), someone_who_did_nothing_but_agree()
    stopped(leaving, ERASURE)
    other.refresh_from_db()
    assert (other.status, other.consent_answers.count()) == ("active", 5)


def someone_who_did_nothing_but_agree() -> Enrolment:
    enrolment: Enrolment = EnrolmentFactory()
    return enrolment


def test_stopping_before_a_day_was_chosen() -> None:
    enrolment = stopped(someone_who_did_nothing_but_agree(), TRAINING)
    assert enrolment.is_withdrawn


def test_going_further_keeps_the_first_date_and_ends_links_again() -> None:
    enrolment = stopped(someone_who_did_everything(), TRAINING, "No time.")
    withdraw(enrolment=enrolment, level=EVERYTHING, reason="", now=LATER)
    withdraw(enrolment=enrolment, level=ERASURE, reason="", now=LATER)
    enrolment.refresh_from_db()
    assert (enrolment.withdrawal, enrolment.withdrawn_at, enrolment.erasure_requested_at) == (
        "erasure",
        NOW,
        LATER,
    )
    assert (enrolment.link_version, enrolment.withdrawal_reason) == (4, "No time.")
    assert rows() == dict.fromkeys(COLLECTED, 0)


@pytest.mark.parametrize(
    ("first", "then"), [(EVERYTHING, TRAINING), (ERASURE, TRAINING), (ERASURE, EVERYTHING)]
)
def test_going_back_is_refused_with_a_sentence(
    first: Enrolment.Withdrawal, then: Enrolment.Withdrawal
) -> None:
    enrolment = stopped(someone_who_did_nothing_but_agree(), first)
    with pytest.raises(HasGoneFurther) as refusal:
        stopped(enrolment, then)
    assert refusal.value.message == (
        "You have stopped more than this already. To take part again, join again."
    )
    enrolment.refresh_from_db()
    assert enrolment.withdrawal == first


def test_stopping_twice_is_stopping_once() -> None:
    enrolment = someone_who_did_nothing_but_agree()
    stopped(enrolment, EVERYTHING, "First.")
    withdraw(enrolment=enrolment, level=EVERYTHING, reason="Second.", now=LATER)
    enrolment.refresh_from_db()
    assert (enrolment.withdrawn_at, enrolment.withdrawal_reason, enrolment.link_version) == (
        NOW,
        "First.",
        2,
    )


@pytest.mark.django_db(transaction=True)
def test_double_click_on_stopping_raises_the_link_version_once() -> None:
    enrolment = someone_who_did_nothing_but_agree()

    def press(_: int) -> None:
        try:
            stopped(enrolment, EVERYTHING)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(press, range(4)))
    enrolment.refresh_from_db()
    assert enrolment.link_version == 2


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (datetime(2026, 5, 4, 22, 59, tzinfo=UTC), True),  # 23:59 in London
        (datetime(2026, 5, 4, 23, 0, tzinfo=UTC), False),
    ],
)
def test_last_day_for_deletion_counts_by_the_calendar_of_the_study(
    now: datetime, allowed: bool
) -> None:
    study = StudyFactory(deletion_cutoff=date(2026, 5, 4))
    assert can_delete(EnrolmentFactory(study=study), now) is allowed


def test_deletion_after_the_last_day_is_refused_and_says_what_remains() -> None:
    study = StudyFactory(deletion_cutoff=date(2026, 5, 3))
    enrolment = EnrolmentFactory(study=study)
    with pytest.raises(TooLateToDelete) as refusal:
        stopped(enrolment, ERASURE)
    assert refusal.value.message == (
        "What was collected could be deleted until 3 May 2026. It is part of the results now. "
        "You can stop everything: then nothing more is collected. You can also write to us."
    )
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.consent_answers.count()) == ("joining", 5)
    stopped(enrolment, EVERYTHING)


def test_deletion_reaches_earlier_times_in_the_same_study() -> None:
    first = stopped(someone_who_did_everything(), EVERYTHING)
    again = EnrolmentFactory(study=first.study, user=first.user)
    elsewhere = EnrolmentFactory(user=first.user)
    stopped(again, ERASURE)
    first.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (first.withdrawal, first.consent_answers.count()) == ("erasure", 0)
    assert (elsewhere.status, elsewhere.consent_answers.count()) == ("joining", 5)


def test_every_model_of_a_person_stands_in_the_table_of_the_docs() -> None:
    text = (settings.BASE_DIR / "docs" / "withdrawal.md").read_text(encoding="utf-8")
    models_here = {model.__name__ for model in apps.get_app_config("participants").get_models()}
    assert {name for name in models_here if f"| {name} |" not in text} == {"StudyResearcher"}


@pytest.mark.parametrize("level", [EVERYTHING, ERASURE])
def test_with_deletion_nobody_knows_when_and_how_much_they_were_here(
    level: Enrolment.Withdrawal,
) -> None:
    enrolment = someone_who_did_everything()
    Enrolment.objects.update(last_seen_at=NOW, last_use_at=NOW)
    left = withdraw(enrolment=enrolment, level=level, reason="", now=LATER)
    left.refresh_from_db()
    noted = (left.last_seen_at, left.last_use_at, left.weeks_opened, left.weeks_taken_part)
    assert noted == ((None, None, 0, 0) if level == ERASURE else (NOW, NOW, 1, 1))
