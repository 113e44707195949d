"""What a change of plan will do is seen first; what is told after it is what was saved."""

from datetime import timedelta

import pytest
from django.test import Client

from participants.models import Session
from scheduling import services
from scheduling.models import Prompt, Rhythm
from tests.portal_weeks.people import (
    WEEK_ONE,
    break_ended,
    prompt_of,
    seen_and_saved,
    session_of,
    shown_on,
)
from tests.scheduling.lives import at, live

PAUSE = {"until": "2026-02-10"}
LOOK_AGAIN = "Your plan has changed since this page was made. Please look again."


def words(response) -> str:
    return " ".join(response.content.decode().split())


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


def test_each_change_says_how_many_sessions_move_and_what_is_next(signed_in: Client) -> None:
    day = {"weekday": 6, "local_time": "10:00", "zone": "Europe/London", "show": ""}
    saturday = "3 sessions move; next: Saturday 17 January, 10 in the morning."
    assert saturday in words(signed_in.get("/home/day/", day))
    february = "3 sessions move; next: Thursday 12 February, 7 in the evening."
    assert february in words(signed_in.get("/home/pause/", {**PAUSE, "show": ""}))
    later = "3 sessions move; next: Thursday 22 January, 7 in the evening."
    assert later in words(signed_in.get("/home/another-week/"))
    seen_and_saved(signed_in, "/home/pause/", PAUSE)
    back = "3 sessions move; next: Thursday 15 January, 7 in the evening."
    assert back in words(signed_in.get("/home/pause/"))


def test_each_change_tells_what_it_did(signed_in: Client) -> None:
    day = {"weekday": 6, "local_time": "10:00", "zone": "Europe/London"}
    saved = words(seen_and_saved(signed_in, "/home/day/", day))
    assert "Your day is changed. Next: Saturday 17 January, 10 in the morning." in saved
    saved = words(seen_and_saved(signed_in, "/home/pause/", PAUSE))
    assert "Next: Saturday 14 February, 10 in the morning." in saved
    saved = words(break_ended(signed_in))
    assert "Welcome back. Next: Saturday 17 January, 10 in the morning." in saved


def test_what_is_told_is_what_was_saved_when_a_mail_went_between(
    signed_in: Client, person, clock, mailoutbox
) -> None:
    clock(at("2026-01-15 18:59"))
    shown = signed_in.get("/home/pause/", {**PAUSE, "show": ""})
    assert "3 sessions move; next: Thursday 12 February" in words(shown)
    live(WEEK_ONE, at("2026-01-15 19:00"))
    clock(at("2026-01-15 19:02"))
    again = signed_in.post("/home/pause/", {**PAUSE, "save": "", "shown": shown_on(shown)})
    assert LOOK_AGAIN in words(again)
    assert "2 sessions move; next: Thursday 12 February" in words(again)
    assert Rhythm.objects.get().paused_until is None
    saved = words(
        signed_in.post("/home/pause/", {**PAUSE, "save": "", "shown": shown_on(again)}, follow=True)
    )
    assert "Next: Thursday 12 February, 7 in the evening." in saved
    assert prompt_of(person, 2).state == "sent"
    assert prompt_of(person, 3).due_at == session_of(person, 3).opens_at == at("2026-02-12 19:00")


def test_a_break_that_moves_nothing_says_so(signed_in: Client) -> None:
    page = words(signed_in.get("/home/pause/", {"until": "2026-01-12", "show": ""}))
    assert (
        "No session moves. The next one comes as planned: Thursday 15 January, 7 in the evening."
        in page
    )


def test_a_break_after_the_weeks_says_when_the_last_mail_comes(after_the_weeks: Client) -> None:
    page = words(after_the_weeks.get("/home/pause/", {**PAUSE, "show": ""}))
    last = (
        "All your weeks are open. The last email comes on Thursday 12 February, 7 in the evening."
    )
    assert last in page
    seen_and_saved(after_the_weeks, "/home/pause/", PAUSE)
    page = words(after_the_weeks.get("/home/pause/"))
    assert last.replace("12 February", "5 February") in page
    break_ended(after_the_weeks)
    assert Prompt.objects.get(kind="farewell").due_at == at("2026-02-05 19:00")


def test_nobody_is_promised_a_last_mail_with_mails_switched_off(after_the_weeks: Client) -> None:
    Rhythm.objects.update(mail_off_since=WEEK_ONE)
    page = words(after_the_weeks.get("/home/pause/", {**PAUSE, "show": ""}))
    assert "All your weeks are open already, so nothing moves." in page


@pytest.mark.parametrize("data", [{}, {**PAUSE, "save": ""}])
def test_where_all_was_sent_there_is_nothing_to_pause(
    after_the_weeks: Client, clock, data, mailoutbox
) -> None:
    live(at("2026-01-31 19:00"), at("2026-02-06 19:00"))
    clock(at("2026-02-07 09:00"))
    response = after_the_weeks.post("/home/pause/", data)
    assert "there is nothing to pause" in words(response)
    assert Rhythm.objects.get().paused_until is None


def test_another_week_from_an_old_page_takes_nothing_where_all_are_open(
    after_the_weeks: Client,
) -> None:
    before = list(Prompt.objects.values())
    response = after_the_weeks.post("/home/another-week/")
    assert "All your weeks are open" in words(response)
    assert list(Prompt.objects.values()) == before


def test_who_left_on_another_device_meanwhile_is_led_home(signed_in, person, monkeypatch) -> None:
    """Between the look at who asks and the change: the service finds that they have left."""

    def leave_first(**asked):
        services.leave(enrolment=person, level="everything", reason="", now=WEEK_ONE)
        monkeypatch.undo()
        return services.pause(**asked)

    monkeypatch.setattr(services, "pause", leave_first)
    response = signed_in.post("/home/pause/", {**PAUSE, "save": ""})
    assert (response.status_code, response.url) == (302, "/home/")
    assert signed_in.get("/home/").status_code == 200


class TestAZoneThatIsNoMore:
    """A name that was good when it was chosen, and is gone from the rules of today."""

    @pytest.fixture(autouse=True)
    def gone(self, person) -> None:
        Rhythm.objects.update(zone="Europe/Gone")
        Prompt.objects.planned().update(zone="Europe/Gone")

    def test_the_pages_open_on_the_studys_clock(self, signed_in: Client) -> None:
        for path in ("/home/", "/week/1/", "/home/day/", "/home/mail/", "/home/dates.ics"):
            assert signed_in.get(path).status_code == 200

    @pytest.mark.parametrize(
        ("path", "data"),
        [("/home/pause/", {**PAUSE, "save": ""}), ("/home/another-week/", {})],
    )
    def test_moving_the_weeks_asks_for_the_clock_first(
        self, signed_in: Client, path: str, data: dict[str, str]
    ) -> None:
        before = list(Prompt.objects.values())
        page = words(signed_in.post(path, data, follow=True))
        assert "Please choose once more where your clock is." in page
        assert "Change your day or time" in page
        assert list(Prompt.objects.values()) == before

    def test_another_zone_can_be_chosen(self, signed_in: Client, person) -> None:
        day = {"weekday": 4, "local_time": "19:00", "zone": "Asia/Kolkata"}
        seen_and_saved(signed_in, "/home/day/", day)
        assert prompt_of(person, 2).due_at == at("2026-01-15 13:30")
        assert signed_in.get("/home/pause/").status_code == 200

    def test_leaving_is_confirmed_all_the_same(self, person) -> None:
        services.leave(enrolment=person, level="everything", reason="", now=WEEK_ONE)
        assert prompt_of(person, 0, "withdrawal").zone == "Europe/London"


def test_a_stranger_changes_nothing(client: Client, person) -> None:
    before = list(Rhythm.objects.values())
    for path in ("/home/day/", "/home/pause/", "/home/another-week/"):
        assert client.post(path, {**PAUSE, "save": "", "resume": ""}).status_code == 302
    assert list(Rhythm.objects.values()) == before


def test_a_link_is_enough_for_a_break_and_not_for_another_day(by_link: Client, person) -> None:
    assert by_link.get("/home/pause/").status_code == 200
    assert by_link.get("/home/day/").status_code == 403
    assert by_link.post("/home/another-week/").status_code == 403
    assert session_of(person, 2).opens_at == WEEK_ONE + timedelta(weeks=1)
