"""When a week was taken part in and a person last did anything: what is kept is what is derived."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.db.models import Max, Min
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from participants.models import Engagement, Enrolment, Play, PracticeLog, Session
from participants.playback import record_engagement, record_play
from participants.services import did_another_way, finish_session, note_practice, open_session
from participants.withdrawal import withdraw
from tests.factories.participants import active_enrolment
from tests.factories.studies import LONG_AGO
from tests.services.databases import examples

pytestmark = pytest.mark.django_db

NAMES = UUID("6f1b1f0e-0000-4000-8000-000000000000")
LAST_WEEK_OPEN = LONG_AGO + timedelta(weeks=4)


def opens(session: Session, now: datetime, _uuid: UUID) -> None:
    open_session(session=session, now=now)


def finishes(session: Session, now: datetime, _uuid: UUID) -> None:
    finish_session(session=session, now=now)


def plays(session: Session, now: datetime, uuid: UUID) -> None:
    record_play(
        session=session,
        material=session.module.materials.get(key="video"),
        uuid=uuid,
        started_at=now - timedelta(minutes=30),
        position=0,
        seconds=20,
        speed=1,
        resume_at=20,
        now=now,
    )


def reads(session: Session, now: datetime, uuid: UUID) -> None:
    record_engagement(session=session, material=None, kind=Engagement.Kind.READ, uuid=uuid, now=now)


def practises(session: Session, now: datetime, uuid: UUID) -> None:
    note_practice(
        session=session,
        material=None,
        activity="Soothing rhythm breathing",
        practised_on=now.date(),
        uuid=uuid,
        now=now,
    )


def other_way(session: Session, now: datetime, uuid: UUID) -> None:
    did_another_way(session=session, uuid=uuid, now=now)


Deed = Callable[[Session, datetime, UUID], None]
DEEDS: list[Deed] = [opens, finishes, plays, reads, practises, other_way]

# What, in which week, how many minutes later (or earlier, by another worker's clock), as which of
# the few reports that a browser may send twice, and whether by a page that was read long ago.
lives = st.lists(
    st.tuples(
        st.sampled_from(DEEDS),
        st.integers(0, 1),
        st.sampled_from([-90, 10, 50, 600, 3000]),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=8,
)


def kept(model: Any, week: Session) -> Any:
    return model.objects.filter(session=week)


def derived_taking_part(week: Session) -> datetime | None:
    uses = kept(Engagement, week).exclude(kind="opened")
    found = [
        week.finished_at,
        kept(Play, week).aggregate(first=Min("received_at"))["first"],
        uses.aggregate(first=Min("at"))["first"],
        kept(PracticeLog, week).aggregate(first=Min("noted_at"))["first"],
    ]
    return min(filter(None, found), default=None)


def derived_last_use(person: Enrolment) -> datetime | None:
    found: list[datetime | None] = []
    for week in person.sessions.all():
        found += [
            week.first_opened_at,
            week.finished_at,
            kept(Play, week).aggregate(last=Max("started_at"))["last"],
            kept(Engagement, week).aggregate(last=Max("at"))["last"],
            kept(PracticeLog, week).aggregate(last=Max("noted_at"))["last"],
        ]
    return max(filter(None, found), default=None)


def derived_weeks(person: Enrolment) -> tuple[int, int]:
    """How many were opened, and how many taken part in."""
    weeks = person.sessions.all()
    opened = [week for week in weeks if week.first_opened_at]
    return len(opened), len([week for week in weeks if derived_taking_part(week)])


def live(person: Enrolment, life: list[tuple[Deed, int, int, int, bool]]) -> None:
    stale = list(person.sessions.in_order())
    now = LAST_WEEK_OPEN
    for deed, number, minutes, report, is_stale in life:
        now += timedelta(minutes=minutes)
        week = stale[number] if is_stale else person.sessions.in_order()[number]
        deed(week, now, uuid5(NAMES, f"{person.pk}/{deed.__name__}/{report}"))


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(life=lives)
# Looked at twice in one day, the second time by a request that had read the week before the first.
@example(life=[(opens, 0, 10, 0, False), (opens, 0, 10, 0, True)])
@example(life=[(finishes, 0, 10, 0, False), (finishes, 0, 10, 0, True)])
def test_use_is_kept_as_it_would_be_derived(db: None, life: Any) -> None:
    person = active_enrolment()
    live(person, life)

    for week in person.sessions.all():
        assert week.took_part_at == derived_taking_part(week)
    found = Enrolment.objects.get(pk=person.pk)
    assert found.last_use_at == derived_last_use(person)
    assert (found.weeks_opened, found.weeks_taken_part) == derived_weeks(person)


def test_week_can_be_taken_part_in_without_its_page() -> None:
    person = active_enrolment()
    practises(person.sessions.in_order()[0], LAST_WEEK_OPEN, NAMES)
    found = Enrolment.objects.get(pk=person.pk)
    assert (found.weeks_opened, found.weeks_taken_part) == (0, 1)


def test_use_of_someone_who_asked_for_deletion_is_nowhere() -> None:
    person = active_enrolment()
    live(person, [(deed, 0, 10, 0, False) for deed in DEEDS])
    withdraw(enrolment=person, level=Enrolment.Withdrawal.ERASURE, reason="", now=LAST_WEEK_OPEN)

    gone = Enrolment.objects.get()
    assert (gone.last_use_at, gone.weeks_opened, gone.weeks_taken_part) == (None, 0, 0)
    assert [week.took_part_at for week in person.sessions.all()] == [None] * 4
