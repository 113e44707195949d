"""Reports of one person that arrive at once: each week is counted once, and none is passed by."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from participants.models import Enrolment, Session
from participants.services import did_another_way, finish_session, open_session
from participants.withdrawal import withdraw
from tests.factories.participants import active_enrolment

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def together(*acts: Callable[[], object]) -> None:
    """All wait for each other, then act."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as hands:
        list(hands.map(run, acts))


def weeks_of(person: Enrolment) -> tuple[int, int]:
    found = Enrolment.objects.get(pk=person.pk)
    return found.weeks_opened, found.weeks_taken_part


def opening(week: Session) -> Callable[[], object]:
    return lambda: open_session(session=week, now=NOW)


def finishing(week: Session) -> Callable[[], object]:
    return lambda: finish_session(session=week, now=NOW)


def using(week: Session) -> Callable[[], object]:
    return lambda: did_another_way(session=week, uuid=uuid4(), now=NOW)


def test_week_opened_by_several_requests_at_once_is_one() -> None:
    person = active_enrolment()
    first = [person.sessions.in_order()[0] for _each in range(4)]
    together(*(opening(week) for week in first))
    assert weeks_of(person) == (1, 0)


def test_week_used_in_several_ways_at_once_is_one() -> None:
    person = active_enrolment()
    a, b, c, d = [person.sessions.in_order()[0] for _each in range(4)]
    together(using(a), using(b), finishing(c), finishing(d))
    assert weeks_of(person) == (1, 1)


def test_weeks_used_at_once_are_all_counted() -> None:
    person = active_enrolment()
    together(*(finishing(week) for week in person.sessions.in_order()))
    assert weeks_of(person) == (4, 4)


def test_week_used_while_its_person_asks_for_deletion_is_not_counted() -> None:
    person = active_enrolment()
    weeks = person.sessions.in_order()

    def leave() -> None:
        withdraw(enrolment=person, level=Enrolment.Withdrawal.ERASURE, reason="", now=NOW)

    together(leave, *(finishing(week) for week in weeks))
    assert weeks_of(person) == (0, 0)
    assert not person.sessions.filter(first_opened_at__isnull=False).exists()
