"""Two people on the real starter course, one and four weeks in, who did what there is to do.

Models are imported where they are used: this file may be read before Django is set up.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.test import Client

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
WEEK_ONE = datetime(2026, 1, 8, 19, tzinfo=UTC)


@pytest.fixture
def study(db: None) -> Any:
    return _study()


@pytest.fixture(params=[1, 4], ids=["one week", "four weeks"])
def weeks(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def clock(weeks: int) -> Iterator[None]:
    """Two days after the last of these weeks opened."""
    with time_machine.travel(WEEK_ONE + timedelta(weeks=weeks - 1, days=2), tick=False):
        yield


@pytest.fixture
def person(db: None, weeks: int, clock: None) -> Any:
    from tests.services.beginnings import beginning

    return beginning(_someone, weeks)


@pytest.fixture
def client(person: Any) -> Client:
    client = Client()
    client.force_login(person.user)
    return client


def _someone(weeks: int) -> Any:
    from tests.factories.scheduling import enrolled

    person = enrolled(study=_study(), now=MONDAY)
    for session in person.sessions.filter(module__week__lte=weeks).in_order():
        _live(session)
    return person


def _study() -> Any:
    from courses.loading import load_course
    from demo.study import make_study

    before = MONDAY - timedelta(days=7)
    course = Path(settings.BASE_DIR) / "content" / "self-compassion"
    return make_study(edition=load_course(course, publish=True, now=before).edition, now=before)


def _live(session: Any) -> None:
    """A week to the full: opened, played, read, and practised on two days."""
    from participants.playback import record_engagement
    from participants.services import note_practice, open_session

    now = session.opens_at + timedelta(days=2)
    open_session(session=session, now=session.opens_at)
    for number, material in enumerate(session.module.materials.all()):
        record_engagement(
            session=session, material=material, kind="read", uuid=uuid4(), now=session.opens_at
        )
        if material.duration:
            _play(session, material, session.opens_at + timedelta(hours=number + 1))
    for day in (0, 1):
        note_practice(
            session=session,
            material=None,
            activity="Soothing rhythm breathing",
            practised_on=session.opens_at.date() + timedelta(days=day),
            uuid=uuid4(),
            now=now,
        )


def _play(session: Any, material: Any, at: datetime) -> None:
    from participants.playback import record_play

    recorded = record_play(
        session=session,
        material=material,
        uuid=uuid4(),
        started_at=at,
        position=0,
        seconds=100,
        speed=1,
        resume_at=100,
        now=at + timedelta(minutes=5),
    )
    assert recorded
