"""docs/definitions.md, line by line."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Field

from participants.agreeing_anew import Waiting, asked_anew, waiting
from participants.inviting import Agreed, end_unanswered, enrol, take_back
from participants.joining import StudyFull, agree_anew
from participants.measures import (
    by_week,
    completed_training,
    dose,
    lost,
    open_to,
    summary,
    with_measures,
)
from participants.models import Engagement, Enrolment, MediaProgress, Session
from participants.playback import measurable, record_play
from participants.services import finish_session, open_session
from participants.withdrawal import withdraw
from scheduling.facts import Week
from scheduling.models import Prompt
from studies.models import Study
from studies.services import tally_screening
from tests.factories.courses import published_edition
from tests.factories.participants import (
    EngagementFactory,
    EnrolmentFactory,
    PlayFactory,
    PracticeFactory,
    SessionFactory,
    UserFactory,
    active_enrolment,
    decline,
    invited,
)
from tests.factories.studies import RESEARCH_STATEMENTS, StudyFactory
from tests.participants.test_joining import YES, joined, newer_form

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TRAINING, EVERYTHING, ERASURE = Enrolment.Withdrawal


def defined() -> set[str]:
    text = (settings.BASE_DIR / "docs" / "definitions.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| ([a-z -]+) \|", text, re.MULTILINE)) - {"word", "---"}


def test_every_line_has_its_test() -> None:
    tested = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert {
        word for word in defined() if word.replace(" ", "_").replace("-", "_") not in tested
    } == (set())
    assert len(defined()) == 24


def screened(study: Study, *unmet: str) -> None:
    for key in unmet:
        tally_screening(study=study, source="", unmet=key, now=NOW)


def took_part_in(session: Session) -> bool:
    answer: bool = with_measures(Session.objects.all()).get(pk=session.pk).took_part
    return answer


def take_part_in(enrolment: Enrolment, *weeks: int) -> None:
    for session in enrolment.sessions.filter(module__week__in=weeks):
        PracticeFactory(session=session)


def test_assessed() -> None:
    study = StudyFactory()
    screened(study, "", "adult", "english")
    screened(StudyFactory(), "")
    assert summary(study).assessed == 3


def test_excluded() -> None:
    study = StudyFactory()
    screened(study, "", "adult", "english")
    assert summary(study).excluded == 2


def test_eligible() -> None:
    study = StudyFactory()
    screened(study, "", "", "adult")
    counted = summary(study)
    assert counted.eligible == 2
    assert counted.assessed == counted.excluded + counted.eligible


def test_consented() -> None:
    study = StudyFactory()
    EnrolmentFactory(study=study)
    active_enrolment(study=study)
    active_enrolment(study=study, is_test=True)
    leaving = active_enrolment(study=study)
    withdraw(enrolment=leaving, level=ERASURE, reason="", now=NOW)
    EnrolmentFactory()
    assert summary(study).consented == 3


def test_consented_elsewhere_counts_from_that_day() -> None:
    study = StudyFactory()
    person = {"agreed_on": NOW.date() - timedelta(days=9), "version": 1, "taken_by": "Demo Nurse"}
    yes = dict.fromkeys(RESEARCH_STATEMENTS, True)
    ann = Agreed(address="ann@example.org", answers=yes, **person)
    (enrolment,) = enrol(study=study, people=[ann], by=UserFactory(), now=NOW)
    assert summary(study).consented == 1
    assert enrolment.consented_at == datetime(2026, 4, 25, 11, tzinfo=UTC)


def test_invited() -> None:
    study = StudyFactory()
    joined(study, user=invited(study=study).user)
    invited(study=study)
    invited(study=study, is_test=True)
    invited()
    counted = summary(study)
    assert (counted.invited, counted.unjoined, counted.consented) == (1, 0, 1)


def test_did_not_join() -> None:
    study = StudyFactory()
    for end in (decline, take_back):
        end(enrolment=invited(study=study), now=NOW)
    invited(study=study, invited_at=NOW - timedelta(days=30))
    end_unanswered(now=NOW)
    counted = summary(study)
    assert (counted.invited, counted.unjoined, counted.consented) == (0, 3, 0)


def test_joining() -> None:
    study = StudyFactory()
    EnrolmentFactory(study=study)
    active_enrolment(study=study)
    assert summary(study).joining == 1


def test_active() -> None:
    study = StudyFactory()
    EnrolmentFactory(study=study)
    active_enrolment(study=study)
    assert summary(study).active == 1


def test_withdrawn() -> None:
    study = StudyFactory()
    active_enrolment(study=study)
    for level in (TRAINING, EVERYTHING, EVERYTHING, ERASURE):
        withdraw(enrolment=active_enrolment(study=study), level=level, reason="", now=NOW)
    counted = summary(study)
    assert counted.withdrawn == {"training": 1, "everything": 2, "erasure": 1}
    assert counted.consented == (counted.joining + counted.active + sum(counted.withdrawn.values()))


def test_full() -> None:
    study = StudyFactory(capacity=1)
    leaving = joined(study)
    withdraw(enrolment=leaving, level=EVERYTHING, reason="", now=NOW)
    with pytest.raises(StudyFull):
        joined(study)


@pytest.mark.parametrize(
    ("mail", "opened", "offered"),
    [
        ({"state": "sent"}, False, True),
        ({"state": "sent", "bounced_at": NOW}, False, False),
        ({"state": "skipped", "reason": "address_failed"}, False, False),
        ({"state": "failed", "reason": "address_refused"}, False, False),
        ({"state": "missed", "reason": "too_late"}, False, False),
        ({"state": "missed", "reason": "too_late"}, True, True),
        ({"state": "sent", "bounced_at": NOW}, True, True),
    ],
)
def test_offered(mail: dict[str, Any], opened: bool, offered: bool) -> None:
    week = Week(number=1, mail=Prompt(**mail), opened=opened, finished=False)
    assert week.was_offered is offered


def test_opened() -> None:
    session = SessionFactory()
    assert with_measures(Session.objects.all()).get().opened is False
    open_session(session=session, now=NOW)
    assert with_measures(Session.objects.all()).get().opened is True


def test_took_part() -> None:
    ways = [
        lambda session: PlayFactory(session=session, seconds=1),
        lambda session: PracticeFactory(session=session),
        lambda session: finish_session(session=session, now=NOW),
        *(
            lambda session, kind=kind: EngagementFactory(session=session, kind=kind)
            for kind in set(Engagement.Kind.values) - {"opened"}
        ),
    ]
    for take_part in ways:
        session = SessionFactory()
        open_session(session=session, now=NOW)
        assert not took_part_in(session)
        take_part(session)
        assert took_part_in(session)


def test_completed_training() -> None:
    study = StudyFactory()
    three, four, tester = (
        active_enrolment(study=study, is_test=is_test) for is_test in (False, False, True)
    )
    take_part_in(three, 1, 2, 3)
    take_part_in(four, 1, 2, 3, 4)
    take_part_in(tester, 1, 2, 3, 4)
    EnrolmentFactory(study=study)
    assert list(completed_training(Enrolment.objects.counted())) == [four]
    assert summary(study).completed == 1


def test_completed_training_of_a_shorter_course() -> None:
    study = StudyFactory(edition=published_edition(weeks=2))
    enrolment = active_enrolment(study=study)
    take_part_in(enrolment, 1, 2)
    assert summary(study).completed == 1


def test_completed_training_is_of_every_week_of_the_edition() -> None:
    enrolment = active_enrolment()
    enrolment.sessions.filter(module__week__gt=2).delete()
    take_part_in(enrolment, 1, 2)
    assert not completed_training(Enrolment.objects.counted()).exists()


def test_finish() -> None:
    session = SessionFactory()
    duration = session.module.materials.get(key="video").duration
    open_session(session=session, now=NOW)
    PlayFactory(session=session, seconds=duration)
    PracticeFactory(session=session)
    session.refresh_from_db()
    assert session.finished_at is None
    finish_session(session=session, now=NOW)
    assert session.finished_at == NOW


def played(session: Session, *, minutes_ago: int, seconds: float, speed: float = 1) -> None:
    assert record_play(
        session=session,
        material=session.module.materials.get(key="video"),
        uuid=uuid4(),
        started_at=NOW - timedelta(minutes=minutes_ago),
        position=0,
        seconds=seconds,
        speed=speed,
        resume_at=seconds,
        now=NOW,
    )


def test_coverage() -> None:
    session = SessionFactory(opens_at=NOW - timedelta(days=1))
    for minutes_ago in (30, 20, 10):
        played(session, minutes_ago=minutes_ago, seconds=300)
    assert MediaProgress.objects.get().seconds == 300


def test_dose() -> None:
    session = SessionFactory(opens_at=NOW - timedelta(days=1))
    assert dose(session) == 0
    played(session, minutes_ago=30, seconds=300)
    played(session, minutes_ago=20, seconds=300, speed=2)
    assert dose(session) == 600


def test_unmeasured() -> None:
    session = SessionFactory()
    open_session(session=session, now=NOW)
    session.refresh_from_db()
    assert session.playback_measurable is False
    measurable(session=session, now=NOW)
    session.refresh_from_db()
    assert session.playback_measurable is True


def last_use(enrolment: Enrolment) -> datetime | None:
    enrolment.refresh_from_db()
    return enrolment.last_use_at


def test_last_use() -> None:
    enrolment = active_enrolment()
    assert last_use(enrolment) is None
    first, second = enrolment.sessions.in_order()[:2]
    open_session(session=first, now=NOW)
    assert last_use(enrolment) == NOW
    uses = ((PlayFactory, "started_at"), (EngagementFactory, "at"), (PracticeFactory, "noted_at"))
    for days, (made, field) in enumerate(uses, 1):
        made(session=second, **{field: NOW + timedelta(days=days)})
        assert last_use(enrolment) == NOW + timedelta(days=days)


def test_non_use() -> None:
    enrolment = active_enrolment()
    first = enrolment.sessions.in_order()[0]
    open_session(session=first, now=NOW)
    assert last_use(enrolment) == NOW
    assert not stored("non_use", "unused", "inactive")


def test_lost() -> None:
    """After more than the days stated; on their very end not yet."""
    assert not stored("lost", "dropout", "dropped_out")
    study, then = StudyFactory(), NOW + timedelta(days=21)
    silent, early, through, ahead, left = (active_enrolment(study=study) for _each in range(5))
    never, joining = active_enrolment(study=study), EnrolmentFactory(study=study)
    invited(study=study)
    for person in (silent, early, through, ahead, left):
        open_session(session=person.sessions.in_order()[0], now=NOW)
    take_part_in(through, 1, 2, 3, 4)
    ahead.sessions.filter(module__week=4).update(opens_at=then + timedelta(days=1))
    open_session(session=early.sessions.in_order()[1], now=NOW + timedelta(hours=2))
    withdraw(enrolment=left, level=TRAINING, reason="", now=NOW)

    def gone(now: datetime) -> set[Enrolment]:
        return set(lost(Enrolment.objects.filter(study=study).counted(), days=21, now=now))

    assert gone(then) == {never, joining}
    assert gone(then + timedelta(hours=1)) == {silent, never, joining}


def test_asked_anew() -> None:
    """They are counted by themselves, and not as lost however long it takes them."""
    study = StudyFactory()
    silent, answers, elsewhere = joined(study), joined(study), joined(StudyFactory())
    withdraw(enrolment=joined(study), level=TRAINING, reason="", now=NOW)
    invited(study=study)
    everyone = Enrolment.objects.all()
    assert not asked_anew(everyone).exists()

    asking = newer_form(study, anew=True)
    newest = newer_form(study, anew=False)
    agree_anew(enrolment=answers, document=newest, answers=YES, typed_name="D P", now=NOW)

    assert list(asked_anew(everyone)) == [silent]
    assert waiting(silent) == Waiting(version=asking.version, since=asking.published_at)
    assert (waiting(answers), waiting(elsewhere)) == (None, None)
    gone = lost(Enrolment.objects.counted(), days=21, now=NOW + timedelta(days=99))
    assert set(gone) == {answers, elsewhere}


def test_open_to() -> None:
    """Whoever left is counted in the weeks that they were here for, whenever one looks."""
    study = StudyFactory(edition=published_edition(weeks=3))
    gone, here = (active_enrolment(study=study) for _each in range(2))
    for week, days in ((1, 0), (2, 7), (3, 14)):
        Session.objects.filter(module__week=week).update(opens_at=NOW + timedelta(days=days))
    withdraw(enrolment=gone, level=EVERYTHING, reason="", now=NOW + timedelta(days=8))

    def reached(days: int) -> list[int]:
        return [week.open for week in by_week(study, now=NOW + timedelta(days=days))]

    assert [reached(days) for days in (-1, 0, 7, 14, 100)] == [
        [0, 0, 0],
        [2, 0, 0],
        [2, 2, 0],
        [2, 2, 1],
        [2, 2, 1],
    ]
    assert Session.objects.filter(open_to(NOW + timedelta(days=100)), enrolment=here).count() == 3


def test_dropout() -> None:
    """No questionnaires yet: what is fixed is that use of the training says nothing about it."""
    study = StudyFactory()
    active_enrolment(study=study)
    counted = summary(study)
    assert (counted.active, sum(counted.withdrawn.values())) == (1, 0)


def stored(*words: str) -> list[str]:
    """Columns whose name speaks of what is never stored."""
    fields = (
        field
        for model in apps.get_app_config("participants").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, Field)
    )
    return [field.name for field in fields if any(word in field.name for word in words)]
