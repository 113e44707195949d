"""A study's weeks in numbers."""

from datetime import timedelta

import pytest

from participants.measures import Week as MeasuredWeek
from participants.measures import by_week
from participants.models import Enrolment, Session
from participants.services import open_session
from participants.withdrawal import withdraw
from tests.factories.courses import published_edition
from tests.factories.participants import active_enrolment
from tests.factories.studies import StudyFactory
from tests.participants.test_definitions import NOW, take_part_in

pytestmark = pytest.mark.django_db


def test_weeks_are_counted_by_those_whose_week_is_open_was_opened_and_taken_part_in() -> None:
    study = StudyFactory(edition=published_edition(weeks=2))
    ann, ben, _cat = (active_enrolment(study=study) for _each in range(3))
    active_enrolment(study=study, is_test=True)
    active_enrolment(study=StudyFactory(edition=study.edition))
    Session.objects.filter(module__week=2).exclude(enrolment=ann).update(
        opens_at=NOW + timedelta(days=1)
    )
    for person in (ann, ben):
        open_session(session=person.sessions.in_order()[0], now=NOW)
    take_part_in(ben, 1)
    assert by_week(study, now=NOW) == [
        MeasuredWeek(number=1, open=3, opened=2, took_part=1),
        MeasuredWeek(number=2, open=1, opened=0, took_part=0),
    ]


def test_open_to_is_without_those_whose_use_was_deleted() -> None:
    study = StudyFactory(edition=published_edition(weeks=2))
    gone, here = (active_enrolment(study=study) for _each in range(2))
    for person in (gone, here):
        open_session(session=person.sessions.in_order()[0], now=NOW)
    withdraw(
        enrolment=gone, level=Enrolment.Withdrawal.ERASURE, reason="", now=NOW + timedelta(days=8)
    )
    first, second = by_week(study, now=NOW + timedelta(days=20))
    assert [(week.open, week.opened) for week in (first, second)] == [(1, 1), (1, 0)]
