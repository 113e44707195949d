"""Pauses: what moves, what stays, and what their end brings back."""

from datetime import date

import pytest

from participants.models import Enrolment
from scheduling import preview, services
from scheduling.services.pausing import keep_pausing
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


def test_ending_a_break_keeps_another_week_that_was_taken(ann) -> None:
    """Before it, and in it; whether the break held something back or not."""
    services.another_week(enrolment=ann, now=FRIDAY)
    for until in (date(2026, 1, 20), date(2026, 2, 14)):
        services.pause(enrolment=ann, until=until, now=FRIDAY)
    services.pause(enrolment=ann, until=date(2026, 1, 13), now=FRIDAY)
    assert sessions(ann)[0] == "2 Thu 22 Jan 19:00"
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    services.resume(enrolment=ann, now=FRIDAY)
    assert sessions(ann)[0] == "2 Thu 22 Jan 19:00"
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    services.another_week(enrolment=ann, now=FRIDAY)
    services.resume(enrolment=ann, now=FRIDAY)
    assert sessions(ann)[0] == "2 Thu 26 Feb 19:00"


def test_a_pause_moves_the_weeks_and_keeps_the_weekday(ann) -> None:
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    assert sessions(ann) == ["2 Thu 19 Feb 19:00", "3 Thu 26 Feb 19:00", "4 Thu 05 Mar 19:00"]
    assert row(ann, "nudge", 1).due_at == at("2026-01-11 19:00")
    assert row(ann, "nudge", 2).due_at == at("2026-02-22 19:00")


def test_nothing_comes_during_a_pause_and_everything_after_it(ann, mailoutbox) -> None:
    mailoutbox.clear()
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    live(FRIDAY, at("2026-02-18 21:00"))
    assert mailoutbox == []
    live(at("2026-02-19 09:00"), at("2026-03-14 21:00"))
    assert [each.subject for each in mailoutbox if "session is here" not in each.subject] == [
        "Your Thursday session",
        "Your Thursday session",
        "Your Thursday session",
        "Thank you, and what stays open",
    ]


def test_resuming_goes_on_with_the_next_chosen_day(ann) -> None:
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    services.resume(enrolment=ann, now=at("2026-01-20 09:00"))
    assert sessions(ann)[0] == "2 Thu 22 Jan 19:00"
    ann.rhythm.refresh_from_db()
    assert ann.rhythm.paused_until is None


def test_a_pause_leaves_open_a_week_that_was_opened_before_its_mail_went(ann) -> None:
    """The mail of week two is late; she opened the week from her own pages."""
    late = at("2026-01-15 21:00")
    open_week(ann, 2, late)
    shown = preview.of_pausing(enrolment=ann, until=date(2026, 2, 14), now=late)
    assert services.pause(enrolment=ann, until=date(2026, 2, 14), now=late) == shown
    assert opens(ann) == [
        "1 Thu 08 Jan 19:00",
        "2 Thu 15 Jan 19:00",
        "3 Thu 19 Feb 19:00",
        "4 Thu 26 Feb 19:00",
    ]
    tick(late)
    assert told(row(ann, "session", 2)) == "skipped opened"


def test_a_pause_that_ends_while_a_mail_is_looked_at_does_not_go_on(ann) -> None:
    """The sender met the mail of week two on the last day of the break, and moves it after it."""
    ann.rhythm.paused_until = date(2026, 1, 20)
    ann.rhythm.save()
    before = sessions(ann)
    assert not keep_pausing(enrolment=ann, now=at("2026-01-20 00:00"))
    assert sessions(ann) == before
    assert keep_pausing(enrolment=ann, now=at("2026-01-19 23:59"))
    assert sessions(ann)[0] == "2 Thu 22 Jan 19:00"


def test_a_reminder_is_not_needed_in_a_pause(ann) -> None:
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    tick(at("2026-01-11 19:00"))
    assert told(row(ann, "nudge", 1)) == "skipped paused"
    services.resume(enrolment=ann, now=at("2026-01-12 09:00"))
    tick(at("2026-01-12 19:00"))
    assert told(row(ann, "nudge", 1)) == "skipped paused"


def test_a_pause_ended_before_the_reminder_lets_it_go(ann) -> None:
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    services.resume(enrolment=ann, now=at("2026-01-10 09:00"))
    tick(at("2026-01-11 19:00"))
    assert told(row(ann, "nudge", 1)) == "sent"


def test_a_pause_given_up_and_taken_again_brings_one_reminder_a_week(ann, mailoutbox) -> None:
    mailoutbox.clear()
    for day in ("2026-01-09", "2026-01-10"):
        services.pause(enrolment=ann, until=date(2026, 2, 14), now=at(f"{day} 09:00"))
        services.resume(enrolment=ann, now=at(f"{day} 10:00"))
    change(ann, 1, 19, now=at("2026-01-10 11:00"))
    live(at("2026-01-10 12:00"), at("2026-01-18 21:00"))
    assert [told(row(ann, "nudge", week)) for week in (1, 2)] == ["sent", "skipped quiet"]


def test_a_pause_given_up_after_the_last_week_brings_the_last_mail_in_its_own_time(
    mailoutbox,
) -> None:
    bob = enrolled()
    live(MONDAY, at("2026-01-30 21:00"))
    services.pause(enrolment=bob, until=date(2026, 3, 1), now=at("2026-01-30 21:00"))
    shown = preview.of_resuming(enrolment=bob, now=at("2026-01-31 09:00"))
    assert services.resume(enrolment=bob, now=at("2026-01-31 09:00")) == shown
    assert shown.last_mail.due_at == row(bob, "farewell").due_at == at("2026-02-05 19:00")


def test_a_last_mail_whose_time_went_by_in_a_pause_comes_on_the_next_chosen_day(
    mailoutbox,
) -> None:
    bob = enrolled()
    live(MONDAY, at("2026-01-30 21:00"))
    services.pause(enrolment=bob, until=date(2026, 3, 1), now=at("2026-01-30 21:00"))
    services.resume(enrolment=bob, now=at("2026-02-10 09:00"))
    assert row(bob, "farewell").due_at == at("2026-02-12 19:00")


def test_a_shorter_pause_in_place_of_a_longer_one_brings_the_weeks_forward(ann) -> None:
    services.pause(enrolment=ann, until=date(2026, 3, 14), now=FRIDAY)
    services.pause(enrolment=ann, until=date(2026, 1, 20), now=FRIDAY)
    assert sessions(ann)[0] == "2 Thu 22 Jan 19:00"


def test_a_shorter_pause_after_the_last_week_brings_the_last_mail_forward(mailoutbox) -> None:
    bob = enrolled()
    live(MONDAY, at("2026-01-30 21:00"))
    for until in (date(2026, 3, 14), date(2026, 2, 9)):
        services.pause(enrolment=bob, until=until, now=at("2026-01-30 21:00"))
    assert row(bob, "farewell").due_at == at("2026-02-12 19:00")


def test_a_pause_that_ends_before_the_next_week_moves_nothing(ann) -> None:
    """Not even forward: she took another week before."""
    services.another_week(enrolment=ann, now=FRIDAY)
    before = sessions(ann)
    change_ = services.pause(enrolment=ann, until=date(2026, 1, 12), now=FRIDAY)
    assert (change_.moved, sessions(ann)) == ([], before)


def test_what_was_planned_for_long_after_a_pause_is_not_the_pauses_to_bring_forward(ann) -> None:
    """She took another week twice; a short break then held nothing back."""
    for _each in range(2):
        services.another_week(enrolment=ann, now=FRIDAY)
    before = sessions(ann)
    for until in (date(2026, 1, 14), date(2026, 1, 14), date(2026, 1, 12)):
        services.pause(enrolment=ann, until=until, now=FRIDAY)
        assert sessions(ann) == before
    services.resume(enrolment=ann, now=FRIDAY)
    assert sessions(ann) == before


def test_a_pause_saved_twice_is_saved_once(ann) -> None:
    shown = services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    again = services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    assert (len(shown.moved), again.moved) == (3, [])


def test_ending_a_pause_that_is_over_changes_nothing(ann) -> None:
    """A page that was left open, and its button pressed weeks later."""
    services.pause(enrolment=ann, until=date(2026, 1, 20), now=FRIDAY)
    services.another_week(enrolment=ann, now=at("2026-01-20 09:00"))
    before = sessions(ann)
    assert services.resume(enrolment=ann, now=at("2026-01-21 09:00")).moved == []
    assert sessions(ann) == before


def test_ending_a_pause_shows_what_it_will_do(ann) -> None:
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    shown = preview.of_resuming(enrolment=ann, now=FRIDAY)
    assert sessions(ann)[0] == "2 Thu 19 Feb 19:00"
    assert services.resume(enrolment=ann, now=FRIDAY) == shown
    assert [f"{each.opens_at:%d %b}" for each in shown.moved] == ["15 Jan", "22 Jan", "29 Jan"]


def test_a_pause_leaves_open_a_week_whose_mail_has_not_gone(ann) -> None:
    """The mail of week two is two hours late, and comes after the break; the week is there now."""
    late = at("2026-01-15 21:00")
    shown = preview.of_pausing(enrolment=ann, until=date(2026, 2, 14), now=late)
    assert services.pause(enrolment=ann, until=date(2026, 2, 14), now=late) == shown
    assert [(each.week, each.is_open) for each in shown.weeks] == [
        (2, True),
        (3, False),
        (4, False),
    ]
    assert sessions(ann) == ["2 Thu 19 Feb 19:00", "3 Thu 26 Feb 19:00", "4 Thu 05 Mar 19:00"]
    assert opens(ann)[1:] == ["2 Thu 15 Jan 19:00", *sessions(ann)[1:]]
    services.resume(enrolment=ann, now=at("2026-01-20 09:00"))
    assert opens(ann)[1:] == ["2 Thu 15 Jan 19:00", "3 Thu 29 Jan 19:00", "4 Thu 05 Feb 19:00"]


def test_a_week_opened_in_a_pause_leaves_the_order_of_its_mails(ann) -> None:
    late = at("2026-01-15 21:00")
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=late)
    open_week(ann, 2, late)
    services.resume(enrolment=ann, now=at("2026-01-20 09:00"))
    assert sessions(ann)[:2] == ["2 Thu 22 Jan 19:00", "3 Thu 29 Jan 19:00"]


def test_another_day_during_a_pause_stays_behind_its_end(ann) -> None:
    services.pause(enrolment=ann, until=date(2026, 2, 14), now=FRIDAY)
    change(ann, 1, 8)
    assert sessions(ann)[0] == "2 Mon 16 Feb 08:00"


def test_a_pause_after_the_last_week_puts_off_the_last_mail(mailoutbox) -> None:
    bob = enrolled()
    live(MONDAY, at("2026-01-30 21:00"))
    services.pause(enrolment=bob, until=date(2026, 3, 1), now=at("2026-01-30 21:00"))
    assert row(bob, "farewell").due_at == at("2026-03-05 19:00")


def test_another_day_during_a_pause_keeps_the_last_mail_behind_its_end(mailoutbox) -> None:
    bob = enrolled()
    live(MONDAY, at("2026-01-30 21:00"))
    services.pause(enrolment=bob, until=date(2026, 3, 1), now=at("2026-01-30 21:00"))
    change(bob, 1, 8, now=at("2026-01-31 09:00"))
    assert row(bob, "farewell").due_at == at("2026-03-09 08:00")
