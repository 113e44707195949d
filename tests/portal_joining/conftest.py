"""A study, a service, and people with browsers. Imports wait until Django is set up."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client


@pytest.fixture
def study(db: None) -> Any:
    from tests.factories.studies import StudyFactory

    return StudyFactory(slug="four-weeks")


@pytest.fixture
def service(db: None) -> Any:
    from tests.factories.studies import ServiceFactory

    return ServiceFactory(slug="the-course")


@pytest.fixture
def ann(client: Client, study: Any) -> Any:
    from tests.portal_joining.walk import Joiner

    return Joiner(client, study)


@pytest.fixture
def bob(study: Any) -> Any:
    from tests.portal_joining.walk import Joiner

    return Joiner(Client(), study, "bob@example.org")


@pytest.fixture
def on_a_monday() -> Iterator[None]:
    """Monday 5 January 2026, nine in the morning in London."""
    with time_machine.travel(datetime(2026, 1, 5, 9, tzinfo=UTC), tick=True):
        yield
