"""Each change of a plan stays on record: what became of it, when, and by whom."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from participants.models import Enrolment
from scheduling import bounces, services
from scheduling.models import PlanChange
from tests.factories.scheduling import MONDAY, enrolled
from tests.scheduling.lives import FRIDAY, at, change, live, row

pytestmark = pytest.mark.django_db

By = PlanChange.By
LONDON = "Europe/London"


@pytest.fixture
def ann(mailoutbox) -> Enrolment:
    """Has been sent week one, on Thursday 8 January."""
    person = enrolled(user__email="ann@example.org")
    live(MONDAY, at("2026-01-08 21:00"))
    return person


def kept(person: Enrolment) -> list[tuple[str, str, str]]:
    """ "chose", "person", "4 19:00 Europe/London"."""
    rows = PlanChange.objects.filter(enrolment=person)
    return [(e.kind, e.by, f"{e.weekday} {e.local_time:%H:%M} {e.zone}") for e in rows]


def test_the_first_choice_is_what_each_later_one_came_after(ann: Enrolment) -> None:
    change(ann, 6, 10)

    assert kept(ann) == [
        ("chose", "person", "4 19:00 Europe/London"),
        ("day", "person", "6 10:00 Europe/London"),
    ]
    assert [each.at for each in PlanChange.objects.all()] == [MONDAY, FRIDAY]


def test_a_break_its_change_and_its_end_are_kept(ann: Enrolment) -> None:
    for until in (date(2026, 2, 3), date(2026, 2, 10)):
        services.pause(enrolment=ann, until=until, now=FRIDAY)
    services.resume(enrolment=ann, now=at("2026-01-12 09:00"))
    services.another_week(enrolment=ann, now=at("2026-01-12 10:00"))

    assert [(each.kind, each.until) for each in PlanChange.objects.all()[1:]] == [
        ("pause", date(2026, 2, 3)),
        ("pause", date(2026, 2, 10)),
        ("resume", None),
        ("another_week", None),
    ]


def test_what_changes_nothing_is_not_kept(ann: Enrolment) -> None:
    change(ann, 4, 19)
    services.resume(enrolment=ann, now=FRIDAY)
    services.restart_mail(enrolment=ann, now=FRIDAY)
    for _twice in range(2):
        services.pause(enrolment=ann, until=date(2026, 2, 3), now=FRIDAY)
        services.stop_mail(enrolment=ann, now=FRIDAY)

    assert [kind for kind, _by, _beat in kept(ann)] == ["chose", "pause", "mail_off"]


def test_emails_off_by_the_person_and_by_a_complaint_are_two_things(ann: Enrolment) -> None:
    services.stop_mail(enrolment=ann, now=FRIDAY)
    services.restart_mail(enrolment=ann, now=FRIDAY)
    bounces.complained(prompt=row(ann, "session", 1), recipient="ann@example.org", now=FRIDAY)

    assert [(kind, by) for kind, by, _beat in kept(ann)[1:]] == [
        ("mail_off", "person"),
        ("mail_on", "person"),
        ("mail_off", "report"),
    ]


def test_staff_are_told_from_the_person(ann: Enrolment) -> None:
    services.change_day(
        enrolment=ann, weekday=6, local_time=time(10), zone=LONDON, now=FRIDAY, by=By.STAFF
    )
    services.pause(enrolment=ann, until=date(2026, 2, 3), now=FRIDAY, by=By.STAFF)
    services.resume(enrolment=ann, now=FRIDAY, by=By.STAFF)

    assert [by for _kind, by, _beat in kept(ann)] == ["person", "staff", "staff", "staff"]


def test_a_change_that_fails_leaves_none(ann: Enrolment) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        change(ann, 6, 10)
        raise ZeroDivisionError

    assert [kind for kind, _by, _beat in kept(ann)] == ["chose"]


def test_a_change_is_neither_altered_nor_deleted(ann: Enrolment) -> None:
    with pytest.raises(IntegrityError, match="cannot be altered"), transaction.atomic():
        PlanChange.objects.update(weekday=1)
    with pytest.raises(IntegrityError, match="asked for erasure"), transaction.atomic():
        PlanChange.objects.all().delete()


@pytest.mark.parametrize(
    ("level", "left"),
    [("training", ["chose"]), ("everything", ["chose"]), ("erasure", [])],
)
def test_changes_go_with_deletion_alone(ann: Enrolment, level: str, left: list[str]) -> None:
    other = enrolled(now=MONDAY)
    services.leave(
        enrolment=ann, level=Enrolment.Withdrawal(level), reason="", now=at("2026-01-10 09:00")
    )

    assert [kind for kind, _by, _beat in kept(ann)] == left
    assert [kind for kind, _by, _beat in kept(other)] == ["chose"]
