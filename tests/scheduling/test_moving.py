"""Changing day, pausing, another week: only what lies ahead moves, and it was shown before."""

from datetime import date, time, timedelta

import pytest

from participants.models import Enrolment
from scheduling import preview, services
from scheduling.models import Prompt
from scheduling.services import NotTakingPart
from tests.factories.scheduling import MONDAY, enrolled
from tests.scheduling.lives import (
    FRIDAY,
    at,
    change,
    live,
    open_week,
    opens,
    row,
    sessions,
    tick,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(mailoutbox) -> Enrolment:
    """Has been sent week one, on Thursday 8 January."""
    person = enrolled()
    live(MONDAY, at("2026-01-08 21:00"))
    return person


def test_another_day_moves_the_weeks_ahead_and_what_hangs_on_them(ann) -> None:
    change(ann, 6, 10)
    assert sessions(ann) == ["2 Sat 17 Jan 10:00", "3 Sat 24 Jan 10:00", "4 Sat 31 Jan 10:00"]
    assert opens(ann) == ["1 Thu 08 Jan 19:00", *sessions(ann)]
    assert row(ann, "nudge", 2).due_at == at("2026-01-20 10:00")
    assert row(ann, "nudge", 1).due_at == at("2026-01-11 19:00")
    assert row(ann, "farewell").due_at == at("2026-02-07 10:00")
    ann.rhythm.refresh_from_db()
    assert (ann.rhythm.weekday, ann.rhythm.first_date) == (6, date(2026, 1, 17))


@pytest.mark.parametrize(
    ("weekday", "expected"),
    [(1, "Mon 12 Jan"), (5, "Fri 16 Jan"), (7, "Sun 18 Jan"), (4, "Thu 15 Jan")],
)
def test_the_next_week_comes_four_days_after_the_last_or_later(
    ann, weekday: int, expected: str
) -> None:
    change(ann, weekday, 9)
    assert sessions(ann)[0] == f"2 {expected} 09:00"


def test_four_days_are_counted_where_the_person_is_going_to(ann) -> None:
    """Thursday evening in London is Friday morning on Kiritimati, fourteen hours ahead of UTC."""
    change(ann, 1, 0, "Pacific/Kiritimati")
    assert row(ann, "session", 2).local_date == date(2026, 1, 19)


def test_four_days_are_counted_from_a_mail_that_went_late(mailoutbox) -> None:
    bob = enrolled()
    live(MONDAY, at("2026-01-08 09:00"))
    tick(at("2026-01-10 09:00"))
    change(bob, 1, 9, now=at("2026-01-10 10:00"))
    assert sessions(bob)[0] == "2 Mon 19 Jan 09:00"


def test_a_new_zone_moves_the_instants(ann) -> None:
    change(ann, 4, 19, "Asia/Kolkata")
    assert sessions(ann)[0] == "2 Thu 15 Jan 13:30"


def test_each_change_shows_what_it_will_do(ann) -> None:
    shown = preview.of_changing_day(
        enrolment=ann, weekday=6, local_time=time(10), zone="Europe/London", now=FRIDAY
    )
    assert [(each.week, each.moved_from) for each in shown.moved] == [
        (2, at("2026-01-15 19:00")),
        (3, at("2026-01-22 19:00")),
        (4, at("2026-01-29 19:00")),
    ]
    assert sessions(ann)[0] == "2 Thu 15 Jan 19:00"
    assert change(ann, 6, 10) == shown
    shown = preview.of_another_week(enrolment=ann, now=FRIDAY)
    assert services.another_week(enrolment=ann, now=FRIDAY) == shown
    until = date(2026, 2, 20)
    shown = preview.of_pausing(enrolment=ann, until=until, now=FRIDAY)
    assert services.pause(enrolment=ann, until=until, now=FRIDAY) == shown


def test_another_week_moves_what_is_ahead_by_a_week(ann) -> None:
    services.another_week(enrolment=ann, now=FRIDAY)
    assert sessions(ann) == ["2 Thu 22 Jan 19:00", "3 Thu 29 Jan 19:00", "4 Thu 05 Feb 19:00"]
    assert opens(ann)[0] == "1 Thu 08 Jan 19:00"
    assert row(ann, "farewell").due_at == at("2026-02-12 19:00")


def test_another_day_or_hour_keeps_another_week_that_was_taken(ann) -> None:
    services.another_week(enrolment=ann, now=FRIDAY)
    change(ann, 4, 20)
    assert sessions(ann)[0] == "2 Thu 22 Jan 20:00"
    change(ann, 1, 9)
    assert sessions(ann)[0] == "2 Mon 19 Jan 09:00"
    change(ann, 4, 20)
    assert sessions(ann)[0] == "2 Thu 22 Jan 20:00"


def test_another_week_keeps_the_hour_across_a_change_of_clocks(mailoutbox) -> None:
    bob = enrolled(now=at("2026-03-16 09:00"))
    assert sessions(bob)[1] == "2 Thu 26 Mar 19:00"
    services.another_week(enrolment=bob, now=at("2026-03-16 09:00"))
    assert sessions(bob)[1] == "2 Thu 02 Apr 18:00"


def test_another_week_after_the_last_one_puts_off_the_last_mail(mailoutbox) -> None:
    bob = enrolled()
    live(MONDAY, at("2026-01-30 21:00"))
    assert services.another_week(enrolment=bob, now=at("2026-01-30 21:00")).weeks == []
    assert row(bob, "farewell").due_at == at("2026-02-12 19:00")


def test_new_rules_for_a_zone_leave_open_a_week_that_was_opened(ann) -> None:
    late = at("2026-01-15 21:00")
    open_week(ann, 2, late)
    Prompt.objects.filter(enrolment=ann, kind="session", occurrence=2).update(local_time=time(23))
    assert services.rederive(enrolment=ann, now=late) == 0
    assert opens(ann)[1] == "2 Thu 15 Jan 19:00"


def test_a_week_does_not_move_behind_a_later_one_that_was_opened(mailoutbox) -> None:
    """Ten days without mail; she found week two by herself, and takes a break."""
    bob = enrolled()
    tick(MONDAY)
    mailoutbox.clear()
    late = at("2026-01-16 10:00")
    open_week(bob, 2, late)
    services.pause(enrolment=bob, until=date(2026, 1, 30), now=late)
    assert opens(bob) == [
        "1 Thu 08 Jan 19:00",
        "2 Thu 15 Jan 19:00",
        "3 Thu 05 Feb 19:00",
        "4 Thu 12 Feb 19:00",
    ]
    tick(late)
    assert [told(row(bob, "session", week)) for week in (1, 2)] == [
        "missed too_late",
        "skipped opened",
    ]
    assert mailoutbox == []


def test_another_day_after_the_last_week_takes_the_last_mail_along(mailoutbox) -> None:
    bob = enrolled(zone="Pacific/Auckland")
    live(MONDAY, at("2026-01-30 21:00"))
    assert change(bob, 4, 19, "America/Los_Angeles", now=at("2026-01-30 21:00")).weeks == []
    farewell = row(bob, "farewell")
    assert (farewell.zone, farewell.due_at) == ("America/Los_Angeles", at("2026-02-06 03:00"))
    change(bob, 6, 10, now=at("2026-01-30 21:00"))
    assert row(bob, "farewell").due_at == at("2026-02-07 10:00")


def test_a_week_that_is_due_already_stays_open(ann) -> None:
    late = at("2026-01-15 19:30")
    change(ann, 1, 9, now=late)
    assert sessions(ann) == ["2 Thu 15 Jan 19:00", "3 Mon 19 Jan 09:00", "4 Mon 26 Jan 09:00"]


@pytest.mark.parametrize("state", ["sending", "unconfirmed", "failed"])
def test_what_has_left_its_plan_is_not_moved(ann, state: str) -> None:
    Prompt.objects.filter(kind="session", occurrence=2).update(
        state="sending", sending_since=FRIDAY
    )
    if state != "sending":
        Prompt.objects.filter(kind="session", occurrence=2).update(state=state, sending_since=None)
    change(ann, 6, 10)
    assert row(ann, "session", 2).due_at == at("2026-01-15 19:00")
    assert sessions(ann)[0] == "3 Sat 24 Jan 10:00"


def test_nobody_is_moved_after_leaving_or_before_choosing(ann) -> None:
    services.leave(enrolment=ann, level=Enrolment.Withdrawal.EVERYTHING, reason="", now=FRIDAY)
    for change_it in (
        lambda: change(ann, 6, 10),
        lambda: services.another_week(enrolment=ann, now=FRIDAY),
        lambda: services.pause(enrolment=ann, until=date(2026, 2, 1), now=FRIDAY),
        lambda: services.resume(enrolment=ann, now=FRIDAY),
    ):
        with pytest.raises(NotTakingPart):
            change_it()


def test_new_rules_for_a_zone_are_taken_up_for_what_is_ahead(ann) -> None:
    """As if the rules that the rows were made with had been an hour out."""
    hour = timedelta(hours=1)
    for prompt in Prompt.objects.planned().of_kind("session"):
        Prompt.objects.filter(pk=prompt.pk).update(due_at=prompt.due_at - hour)
    assert services.rederive(enrolment=ann, now=FRIDAY) == 3
    assert sessions(ann)[0] == "2 Thu 15 Jan 19:00"
    assert services.rederive(enrolment=ann, now=FRIDAY) == 0


def test_new_rules_for_a_zone_leave_a_mail_that_waits_to_be_tried_again(ann) -> None:
    """One is tried again in an hour; the server is not asked sooner because of a deployment."""
    second = Prompt.objects.filter(enrolment=ann, kind="session", occurrence=2)
    again = at("2026-01-15 20:00")
    second.update(attempts=5, reason="busy", next_attempt_at=again)
    assert services.rederive(enrolment=ann, now=FRIDAY) == 0
    second.update(due_at=at("2026-01-15 18:00"))
    assert services.rederive(enrolment=ann, now=FRIDAY) == 0
    assert second.get().next_attempt_at == again


def test_a_row_whose_zone_is_no_more_keeps_its_instant(ann) -> None:
    Prompt.objects.planned().update(zone="Europe/Gone")
    before = sessions(ann)
    assert services.rederive(enrolment=ann, now=FRIDAY) == 0
    assert sessions(ann) == before


def test_a_session_moved_twice_is_sent_once(ann, mailoutbox) -> None:
    mailoutbox.clear()
    change(ann, 6, 10)
    change(ann, 4, 19)
    tick(at("2026-01-15 19:01"))
    tick(at("2026-01-17 10:01"))
    assert [each.subject for each in mailoutbox].count("Your Thursday session") == 1
