"""Models are imported where they are used: this file may be read before Django is set up."""

import pytest
from django.test import Client


@pytest.fixture
def editor(db: None) -> Client:
    """Staff with every right on courses, and no other."""
    from tests.courses_travel.people import editing

    return editing("courses")
