"""A study whose first Thursday has been, and who looks at its people.

Models can be imported only once Django is set up, which is later than this file is read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

NOW = datetime(2026, 1, 12, 12, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[datetime]:
    """Monday 12 January 2026, noon."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def study(db: None, now: datetime) -> Any:
    from tests.factories.studies import StudyFactory

    return StudyFactory(slug="calm", public_name="A calm study")


@pytest.fixture
def researcher(study: Any) -> Client:
    """Sees people by code, and no more."""
    from tests.monitoring.staff import staff_client

    return staff_client(researcher_of=study)


@pytest.fixture
def manager(study: Any) -> Client:
    from tests.monitoring_people.shown import holding

    return holding(study, "manages")
