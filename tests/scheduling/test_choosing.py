"""Choosing a day writes the whole plan at once."""

from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError

from participants.models import Enrolment
from scheduling import preview
from scheduling.models import Prompt, Rhythm
from scheduling.services import NotTakingPart, choose_day
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import MONDAY, enrolled

pytestmark = pytest.mark.django_db


def _rows(enrolment: Enrolment) -> list[tuple[str, int, str]]:
    return [
        (each.kind, each.occurrence, f"{each.due_at:%d %b %H:%M}")
        for each in Prompt.objects.filter(enrolment=enrolment).order_by("due_at", "kind")
    ]


def test_choosing_writes_every_mail_up_to_the_last() -> None:
    ann = enrolled(now=MONDAY)
    assert _rows(ann) == [
        ("welcome", 0, "05 Jan 09:00"),
        ("session", 1, "08 Jan 19:00"),
        ("nudge", 1, "11 Jan 19:00"),
        ("session", 2, "15 Jan 19:00"),
        ("nudge", 2, "18 Jan 19:00"),
        ("session", 3, "22 Jan 19:00"),
        ("nudge", 3, "25 Jan 19:00"),
        ("session", 4, "29 Jan 19:00"),
        ("nudge", 4, "01 Feb 19:00"),
        ("farewell", 0, "05 Feb 19:00"),
    ]


def test_choosing_makes_a_person_take_part_from_then_on() -> None:
    ann = enrolled(now=MONDAY)
    assert (ann.status, ann.day_chosen_at) == (Enrolment.Status.ACTIVE, MONDAY)
    assert ann.rhythm.first_date == date(2026, 1, 8)


def test_each_session_opens_when_its_prompt_is_due() -> None:
    ann = enrolled(weekday=7, time="06:30", zone="Asia/Kolkata")
    opens = list(ann.sessions.in_order().values_list("opens_at", flat=True))
    due = ann.prompts.of_kind("session").order_by("occurrence").values_list("due_at", flat=True)
    assert opens == list(due)
    assert opens[0] == datetime(2026, 1, 11, 1, 0, tzinfo=UTC)


def test_what_was_previewed_is_what_is_written() -> None:
    enrolment = EnrolmentFactory()
    plan = preview.of_choosing(
        edition=enrolment.edition,
        weekday=3,
        local_time=time(8),
        zone="America/New_York",
        now=MONDAY,
    )
    assert Prompt.objects.count() == 0
    choose_day(
        enrolment=enrolment,
        weekday=3,
        local_time=time(8),
        zone="America/New_York",
        now=MONDAY,
    )
    written = enrolment.prompts.of_kind("session").order_by("occurrence")
    assert [(each.week, each.local_date, each.opens_at) for each in plan] == [
        (each.occurrence, each.local_date, each.due_at) for each in written
    ]
    assert [each.title for each in plan] == [
        module.title for module in enrolment.edition.modules.order_by("week")
    ]


def test_a_second_click_changes_nothing() -> None:
    ann = enrolled()
    before = _rows(ann)
    choose_day(enrolment=ann, weekday=4, local_time=time(19), zone="Europe/London", now=MONDAY)
    assert _rows(ann) == before


def test_choosing_another_day_after_going_back_moves_the_weeks() -> None:
    ann = enrolled()
    choose_day(enrolment=ann, weekday=6, local_time=time(10), zone="Europe/London", now=MONDAY)
    due = ann.prompts.of_kind("session").order_by("occurrence").first()
    assert due.due_at == datetime(2026, 1, 10, 10, tzinfo=UTC)
    assert Rhythm.objects.get(enrolment=ann).weekday == 6
    assert ann.prompts.count() == 10


@pytest.mark.parametrize(("weekday", "zone"), [(0, "Europe/London"), (4, "Mars/Olympus")])
def test_a_day_or_zone_that_does_not_exist_is_refused_with_nothing_written(
    weekday: int, zone: str
) -> None:
    enrolment = EnrolmentFactory()
    with pytest.raises(ValidationError):
        choose_day(enrolment=enrolment, weekday=weekday, local_time=time(19), zone=zone, now=MONDAY)
    assert not Rhythm.objects.exists()
    assert not Prompt.objects.exists()


def test_a_withdrawn_person_cannot_choose() -> None:
    enrolment = EnrolmentFactory(
        status=Enrolment.Status.WITHDRAWN, withdrawn_at=MONDAY, withdrawal="everything"
    )
    with pytest.raises(NotTakingPart):
        choose_day(
            enrolment=enrolment, weekday=4, local_time=time(19), zone="Europe/London", now=MONDAY
        )
