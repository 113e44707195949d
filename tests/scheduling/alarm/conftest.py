"""A study with someone ahead of it, on a platform that has ticked.

Models are imported where they are used: this file may be read before Django is set up.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from studies.models import Study


@pytest.fixture(autouse=True)
def one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """These stories are told at moments of their own, and the database's clock cannot be moved."""
    from scheduling import watch

    monkeypatch.setattr(watch, "_clock_difference", lambda *_: timedelta(0))


@pytest.fixture
def study() -> "Study":
    """Someone's mail is ahead of them, and the tick has run."""
    from scheduling import housekeeping
    from tests.factories.scheduling import MONDAY, PromptFactory
    from tests.factories.studies import StudyFactory
    from tests.scheduling.alarm.steps import DAY

    housekeeping.beat(now=MONDAY)
    study = StudyFactory(
        contact_email="team@example.ac.uk", neutral_name="Four weeks", default_zone="Asia/Tokyo"
    )
    PromptFactory(enrolment__study=study, due_at=MONDAY + 30 * DAY)
    return study


@pytest.fixture
def a_second(settings: Settings) -> None:
    """For a whole mail."""
    settings.EMAIL_TIMEOUT = 1
