"""One person, Thursdays at seven in London, seen at chosen moments of their four weeks.

Models are imported where they are used: this file may be read before Django is set up.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from participants.models import Enrolment

WEEK_ONE = datetime(2026, 1, 8, 19, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def surroundings(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.SESSION_COOKIE_AGE = 366 * 24 * 60 * 60  # so that months may pass in a test


@pytest.fixture
def person(db: None, surroundings: None) -> "Enrolment":
    """Active since Monday 5 January 2026; week one opens on Thursday 8 January, 19:00."""
    from tests.factories.scheduling import enrolled
    from tests.services.beginnings import beginning

    return beginning(enrolled)


@pytest.fixture
def clock() -> Iterator[Callable[[datetime], None]]:
    """`clock(moment)` moves the test to that moment; it then stands still."""
    travellers: list[time_machine.travel] = []

    def go(moment: datetime) -> None:
        while travellers:
            travellers.pop().stop()
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    go(WEEK_ONE + timedelta(hours=1))
    yield go
    while travellers:
        travellers.pop().stop()


@pytest.fixture
def signed_in(clock: Callable[[datetime], None], person: "Enrolment") -> Client:
    """An hour into week one."""
    client = Client()
    client.force_login(person.user)
    return client


@pytest.fixture
def by_link(clock: Callable[[datetime], None], person: "Enrolment") -> Client:
    """An hour into week one, through the button behind the mailed link."""
    from tests.portal_weeks.people import token_of

    client = Client()
    client.post(f"/go/{token_of(person)}/")
    return client
