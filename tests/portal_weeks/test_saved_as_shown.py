"""What is saved is what was shown: whatever has changed in between is shown first."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from participants.models import Session
from scheduling import services
from scheduling.models import Prompt, Rhythm
from tests.factories.scheduling import MONDAY, enrolled
from tests.portal_weeks.people import (
    WEEK_ONE,
    break_ended,
    prompt_of,
    seen_and_saved,
    session_of,
    shown_on,
)
from tests.portal_weeks.test_changes import LOOK_AGAIN, PAUSE, words
from tests.scheduling.lives import at, live

THURSDAYS = {"weekday": 4, "local_time": "19:00", "zone": "Europe/London"}
MONDAYS = THURSDAYS | {"weekday": 1}
DAY, BREAK, ANOTHER_WEEK = "/home/day/", "/home/pause/", "/home/another-week/"


@pytest.fixture(autouse=True)
def week_one_was_sent(person, mailoutbox) -> None:
    live(WEEK_ONE, WEEK_ONE)


@pytest.fixture
def after_the_weeks(signed_in: Client, person, clock, mailoutbox) -> Client:
    """A day after the mail of week four; the last mail is planned for Thursday 5 February."""
    live(WEEK_ONE, at("2026-01-30 19:00"))
    Session.objects.update(first_opened_at=WEEK_ONE)
    clock(at("2026-01-30 20:00"))
    return signed_in


def written() -> tuple[list, list, list]:
    rows = (Rhythm.objects, Session.objects, Prompt.objects)
    return tuple(list(each.order_by("pk").values()) for each in rows)


def saved(client: Client, path: str, page, **asked):
    return client.post(path, {"save": "", **asked, "shown": shown_on(page)}, follow=True)


def test_another_week_from_two_tabs_is_taken_once(signed_in: Client, person) -> None:
    one, other = signed_in.get(ANOTHER_WEEK), signed_in.get(ANOTHER_WEEK)
    assert "You have another week." in words(saved(signed_in, ANOTHER_WEEK, one))
    again = saved(signed_in, ANOTHER_WEEK, other)
    assert words(again).count(LOOK_AGAIN) == 1
    assert "next: Thursday 29 January" in words(again)
    assert session_of(person, 2).opens_at == at("2026-01-22 19:00")
    assert "You have another week." in words(saved(signed_in, ANOTHER_WEEK, again))
    assert session_of(person, 2).opens_at == at("2026-01-29 19:00")


def test_a_break_ended_in_another_tab_is_not_begun_again_unseen(signed_in: Client) -> None:
    seen_and_saved(signed_in, BREAK, PAUSE)
    longer = {"until": "2026-02-20"}
    shown = signed_in.get(BREAK, {**longer, "show": ""})
    assert "Yes, change the break" in words(shown)
    break_ended(signed_in)
    before = written()
    again = saved(signed_in, BREAK, shown, **longer)
    assert LOOK_AGAIN in words(again)
    assert "Yes, begin the break" in words(again)
    assert written() == before


def test_a_break_that_put_nothing_off_is_not_begun_again_unseen_either(signed_in: Client) -> None:
    """Not a week differs: only that there is a break."""
    until = {"until": "2026-01-12"}
    seen_and_saved(signed_in, BREAK, until)
    shown = signed_in.get(BREAK, {**until, "show": ""})
    break_ended(signed_in)
    assert LOOK_AGAIN in words(saved(signed_in, BREAK, shown, **until))
    assert Rhythm.objects.get().paused_until is None


def test_a_break_made_longer_in_another_tab_is_not_ended_unseen(signed_in: Client) -> None:
    seen_and_saved(signed_in, BREAK, PAUSE)
    shown = signed_in.get(BREAK)
    seen_and_saved(signed_in, BREAK, {"until": "2026-02-20"})
    before = written()
    again = signed_in.post(BREAK, {"resume": "", "shown": shown_on(shown)})
    assert LOOK_AGAIN in words(again)
    assert "It lasts until Friday 20 February." in words(again)
    assert "Problem" not in words(again)
    assert written() == before


def test_a_break_that_was_over_at_midnight_is_not_ended_unseen(signed_in: Client, clock) -> None:
    seen_and_saved(signed_in, BREAK, {"until": "2026-01-10"})
    clock(at("2026-01-09 23:59"))
    shown = signed_in.get(BREAK)
    clock(at("2026-01-10 00:01"))
    again = signed_in.post(BREAK, {"resume": "", "shown": shown_on(shown)})
    assert LOOK_AGAIN in words(again)
    assert "Take a break" in words(again)


def test_a_day_is_shown_again_where_its_first_date_went_by(signed_in: Client, clock) -> None:
    clock(at("2026-01-12 17:59"))
    shown = signed_in.get(DAY, {**MONDAYS, "show": ""})
    assert "next: Monday 12 January" in words(shown)
    clock(at("2026-01-12 18:01"))
    before = written()
    again = saved(signed_in, DAY, shown, **MONDAYS)
    assert LOOK_AGAIN in words(again)
    assert "next: Monday 19 January" in words(again)
    assert written() == before
    assert "Your day is changed." in words(saved(signed_in, DAY, again, **MONDAYS))


def test_the_page_of_another_study_saves_nothing_here(signed_in: Client, person) -> None:
    """The same dates, and somebody else's plan."""
    shown = signed_in.get(ANOTHER_WEEK)
    other = enrolled(now=MONDAY)
    live(WEEK_ONE, WEEK_ONE)
    reader = Client()
    reader.force_login(other.user)
    assert LOOK_AGAIN in words(saved(reader, ANOTHER_WEEK, shown))
    assert prompt_of(other, 2).due_at == prompt_of(person, 2).due_at == at("2026-01-15 19:00")


@pytest.mark.parametrize("shown", [{}, {"shown": ""}, {"shown": "é" * 16}, {"shown": "0" * 16}])
@pytest.mark.parametrize(
    ("path", "asked"),
    [(DAY, MONDAYS), (BREAK, PAUSE), (BREAK, {"resume": ""}), (ANOTHER_WEEK, {})],
)
def test_a_form_that_does_not_say_what_it_showed_saves_nothing(
    signed_in: Client, path: str, asked: dict, shown: dict
) -> None:
    button = {} if "resume" in asked else {"save": ""}
    before = written()
    response = signed_in.post(path, {**asked, **button, **shown})
    assert response.status_code == 200
    assert LOOK_AGAIN in words(response)
    assert written() == before


def test_a_change_that_comes_between_the_look_and_the_lock_is_seen(
    signed_in: Client, person, monkeypatch
) -> None:
    """Two tabs in the same moment: the other one is first at the lock. Here both share one
    transaction, so that what is taken back is both.
    """
    shown, before = signed_in.get(ANOTHER_WEEK), written()

    def after_the_other(**asked):
        monkeypatch.undo()
        services.another_week(enrolment=person, now=timezone.now())
        return services.another_week(**asked)

    monkeypatch.setattr(services, "another_week", after_the_other)
    assert LOOK_AGAIN in words(saved(signed_in, ANOTHER_WEEK, shown))
    assert written() == before


class TestNothingThatWouldChange:
    ALREADY = "This is your day already"

    def test_nobody_is_asked_to_agree_to_the_day_they_have(self, signed_in: Client) -> None:
        page = words(signed_in.get(DAY, {**THURSDAYS, "show": ""}))
        assert self.ALREADY in page
        assert "No session moves. The next one comes as planned: Thursday 15 January" in page
        assert "Your times are UK time." in page
        assert ("Is this right?" in page, "Yes, change my day" in page) == (False, False)
        assert '<a class="btn" href="/home/">Back to your weeks</a>' in page

    def test_the_same_day_saved_in_another_tab_is_there_already(self, signed_in: Client) -> None:
        shown = signed_in.get(DAY, {**MONDAYS, "show": ""})
        seen_and_saved(signed_in, DAY, MONDAYS)
        page = words(saved(signed_in, DAY, shown, **MONDAYS))
        assert (LOOK_AGAIN in page, self.ALREADY in page) == (True, True)

    def test_the_same_day_where_it_moves_weeks_is_asked(self, signed_in: Client) -> None:
        """The weeks stand on Fridays, and the person's day is Thursday."""
        Prompt.objects.planned().update(local_date="2026-01-16", due_at=at("2026-01-16 19:00"))
        page = words(signed_in.get(DAY, {**THURSDAYS, "show": ""}))
        assert (self.ALREADY in page, "Yes, change my day" in page) == (False, True)

    def test_another_clock_that_moves_no_week_is_asked(self, signed_in: Client) -> None:
        """The same hour in winter, and another one for what comes in summer."""
        page = words(signed_in.get(DAY, {**THURSDAYS, "zone": "Africa/Abidjan", "show": ""}))
        assert "No session moves." in page
        assert (self.ALREADY in page, "Yes, change my day" in page) == (False, True)

    def test_the_day_of_the_last_mail_is_there_already(self, after_the_weeks: Client) -> None:
        page = words(after_the_weeks.get(DAY, {**THURSDAYS, "show": ""}))
        assert self.ALREADY in page
        assert "The last email comes on Thursday 5 February" in page

    def test_a_last_mail_that_would_move_is_asked(self, after_the_weeks: Client) -> None:
        day = timedelta(days=1)
        farewell = Prompt.objects.get(kind="farewell")
        Prompt.objects.filter(pk=farewell.pk).update(
            local_date=farewell.local_date - day, due_at=farewell.due_at - day
        )
        page = words(after_the_weeks.get(DAY, {**THURSDAYS, "show": ""}))
        assert (self.ALREADY in page, "Yes, change my day" in page) == (False, True)


def test_a_new_clock_is_named_when_it_is_saved(signed_in: Client) -> None:
    said = words(seen_and_saved(signed_in, DAY, {**MONDAYS, "zone": "Asia/Kathmandu"}))
    assert "Your day is changed. Your times are now Kathmandu time. Next: Monday 19 January" in said


def test_a_new_clock_is_named_where_no_week_is_ahead(after_the_weeks: Client) -> None:
    said = words(seen_and_saved(after_the_weeks, DAY, {**THURSDAYS, "zone": "Asia/Tokyo"}))
    assert "Your day is changed. Your times are now Tokyo time." in said


def test_the_clock_one_had_is_not_told_anew(signed_in: Client) -> None:
    said = words(seen_and_saved(signed_in, DAY, MONDAYS))
    assert "Your day is changed. Next: Monday 12 January" in said
