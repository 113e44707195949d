"""The same person and the same visit by link as in tests/portal_weeks, and all who may ask."""

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.portal_weeks.conftest import by_link, clock, person, surroundings

if TYPE_CHECKING:
    from participants.models import Enrolment

__all__ = ["by_link", "clock", "person", "surroundings"]


@pytest.fixture
def world(person: "Enrolment", by_link: Client) -> Any:
    from tests.roles.world import World

    return World(person, by_link)
