"""A study that is open, and somebody who manages it."""

from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def study(db: None) -> Any:
    from tests.factories.studies import StudyFactory

    return StudyFactory(slug="calm", public_name="A calm study")


@pytest.fixture
def manager(study: Any) -> Client:
    from tests.monitoring.staff import staff_client

    return staff_client(researcher_of=study, researcher_of__manages=True)
