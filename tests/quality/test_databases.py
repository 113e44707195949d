"""What the tests' own database set-up promises, on both engines."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

import frozen_rows
from courses.models import Course, Edition
from frozen_rows.guard import all_guards
from tests.services import databases


@pytest.mark.django_db
def test_the_database_is_the_one_asked_for() -> None:
    assert connection.vendor == {"postgres": "postgresql", "sqlite": "sqlite"}[databases.engine()]


@pytest.fixture
def guards_stand_afterwards(transactional_db: None) -> None:
    """Tables were emptied after the test before this one; the guards must have come back."""
    assert frozen_rows.installed_names() == {guard.name for guard in all_guards()}


@pytest.mark.parametrize("turn", [1, 2])
def test_a_transactional_test_may_leave_frozen_rows(
    guards_stand_afterwards: None, turn: int
) -> None:
    """The second turn finds tables and cache empty, though no row of the first could be deleted."""
    assert Course.objects.count() == 0
    assert cache.add("asked", turn)
    now = timezone.now()
    course = Course.objects.create(slug="demo", title=f"Turn {turn}")
    Edition.objects.create(
        course=course,
        number=1,
        state=Edition.State.PUBLISHED,
        created_at=now,
        published_at=now,
    )


@pytest.mark.django_db(transaction=True)
def test_a_thread_sees_what_the_test_has_written() -> None:
    Course.objects.create(slug="demo", title="Demo")
    seen: list[int] = []

    def look() -> None:
        seen.append(Course.objects.count())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]
