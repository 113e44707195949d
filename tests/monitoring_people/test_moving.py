"""Another day, and a break: seen before, done as seen, and on record."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from participants.models import Enrolment, User
from scheduling import services
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, invited
from tests.factories.scheduling import MONDAY, enrolled
from tests.monitoring_people.acting import do, recorded, said, see, told, was_done
from tests.monitoring_people.conftest import NOW
from tests.scheduling.lives import at, live, sessions

pytestmark = pytest.mark.django_db

TUESDAY = {"weekday": 2, "local_time": "08:00", "zone": "Europe/London"}
WEDNESDAY = {"weekday": 3, "local_time": "20:00", "zone": "Asia/Tokyo"}
PLAN = ["2 Thu 15 Jan 19:00", "3 Thu 22 Jan 19:00", "4 Thu 29 Jan 19:00"]
MOVED = ["2 Tue 13 Jan 08:00", "3 Tue 20 Jan 08:00", "4 Tue 27 Jan 08:00"]


@pytest.fixture
def person(study: Study) -> Enrolment:
    """On Thursdays at seven; the first one has been."""
    person = enrolled(study=study)
    live(MONDAY, at("2026-01-09 00:00"))
    return person


# Another day


def test_day_is_asked_for_with_the_one_of_now_chosen(manager: Client, person: Enrolment) -> None:
    page = manager.get(f"/staff/calm/people/{person.code}/move-day/").content.decode()
    assert '<input type="radio" name="weekday" value="4"' in page
    chosen = page.split('value="4"')[1].split(">")[0]
    assert "checked" in chosen
    assert '<option value="19:00" selected>' in page


def test_what_will_move_is_shown_and_nothing_is_changed(manager: Client, person: Enrolment) -> None:
    page = see(manager, person, "move-day", **TUESDAY)
    assert "2 Tue 13 Jan 2026, 08:00 Europe/London Thu 15 Jan 2026, 19:00" in said(page)
    assert "No email tells them. Tell them." in said(page)
    assert sessions(person) == PLAN
    assert recorded(person) == []


def test_day_is_changed_as_shown_and_the_record_says_who_and_why(
    manager: Client, person: Enrolment
) -> None:
    response = do(manager, person, "move-day", why="They work nights now", **TUESDAY)
    assert was_done(response, person)
    assert sessions(person) == MOVED
    assert recorded(person) == [
        (
            "move_day",
            "They work nights now",
            {
                "from": {"weekday": 4, "local_time": "19:00", "zone": "Europe/London"},
                "to": {"weekday": 2, "local_time": "08:00", "zone": "Europe/London"},
                "weeks_moved": [2, 3, 4],
            },
        )
    ]
    [action] = person.staff_actions.all()
    assert (action.by, action.at) == (User.objects.get(studies_researched__manages=True), NOW)
    assert told(manager, person) == [
        "Their day is changed. Week 2 comes on Tuesday 13 January at 08:00, Europe/London."
    ]


def test_day_can_be_on_another_clock(manager: Client, person: Enrolment) -> None:
    assert "Wed 14 Jan 2026, 20:00 Asia/Tokyo" in said(
        see(manager, person, "move-day", **WEDNESDAY)
    )
    assert was_done(do(manager, person, "move-day", **WEDNESDAY), person)
    assert sessions(person)[0] == "2 Wed 14 Jan 11:00"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weekday": 8}, "Choose one of the seven days."),
        ({"weekday": ""}, "Choose a day of the week."),
        ({"local_time": "03:33"}, "Choose one of the times in the list."),
        ({"zone": "Mars/Olympus"}, "Choose one of the places in the list."),
        ({"zone": "\x00"}, "Choose one of the places in the list."),
    ],
)
def test_day_that_is_none_is_asked_for_again(
    manager: Client, person: Enrolment, change: dict[str, Any], sentence: str
) -> None:
    assert sentence in said(see(manager, person, "move-day", **{**TUESDAY, **change}))
    response = do(manager, person, "move-day", **{**TUESDAY, **change})
    assert (response.status_code, sentence in said(response)) == (200, True)
    assert sessions(person) == PLAN


def test_day_they_have_already_is_said_to_be_so(manager: Client, person: Enrolment) -> None:
    page = see(manager, person, "move-day", weekday=4, local_time="19:00", zone="Europe/London")
    assert "This is their day and time already." in said(page)


@pytest.mark.parametrize("why", ["", "   ", "x" * 501, "\x00"])
def test_nothing_is_done_without_saying_why(manager: Client, person: Enrolment, why: str) -> None:
    response = do(manager, person, "move-day", why=why, **TUESDAY)
    assert response.status_code == 200
    assert "What will happen" in said(response)
    assert (sessions(person), recorded(person)) == (PLAN, [])


def test_nothing_is_done_where_the_plan_changed_since_it_was_shown(
    manager: Client, person: Enrolment
) -> None:
    page = see(manager, person, "move-day", **TUESDAY)
    services.another_week(enrolment=person, now=NOW)
    changed = sessions(person)

    response = do(manager, person, "move-day", page, **TUESDAY)

    assert response.status_code == 200
    assert "Nothing was done: this has changed since the page was made." in said(response)
    assert "Thu 22 Jan 2026, 19:00" in said(response)
    assert (sessions(person), recorded(person)) == (changed, [])
    assert was_done(do(manager, person, "move-day", response, **TUESDAY), person)


def test_page_of_one_person_does_nothing_to_another(
    study: Study, manager: Client, person: Enrolment
) -> None:
    other = enrolled(study=study)
    live(MONDAY, at("2026-01-09 00:00"))
    page = see(manager, other, "move-day", **TUESDAY)
    assert not was_done(do(manager, person, "move-day", page, **TUESDAY), person)
    assert sessions(person) == PLAN


def test_done_twice_is_done_once(manager: Client, person: Enrolment) -> None:
    page = see(manager, person, "move-day", **TUESDAY)
    assert was_done(do(manager, person, "move-day", page, **TUESDAY), person)
    assert not was_done(do(manager, person, "move-day", page, **TUESDAY), person)
    assert len(recorded(person)) == 1


def test_day_can_be_changed_where_the_zone_is_no_more(manager: Client, person: Enrolment) -> None:
    Rhythm.objects.update(zone="Europe/Gone")
    assert was_done(do(manager, person, "move-day", **TUESDAY), person)
    assert sessions(person)[0] == "2 Tue 13 Jan 08:00"


def test_break_waits_for_a_zone_that_is_known(manager: Client, person: Enrolment) -> None:
    Rhythm.objects.update(zone="Europe/Gone")
    page = see(manager, person, "pause", until="2026-02-01")
    assert "Their time zone is no more. Change their day first" in said(page)


# A break


def test_break_is_shown_and_then_begun(manager: Client, person: Enrolment) -> None:
    page = see(manager, person, "pause", until="2026-02-01")
    assert "A break until Sunday 1 February 2026." in said(page)
    assert "Thu 5 Feb 2026, 19:00" in said(page)
    assert sessions(person) == PLAN

    assert was_done(do(manager, person, "pause", until="2026-02-01"), person)
    assert sessions(person)[0] == "2 Thu 05 Feb 19:00"
    assert recorded(person)[0][::2] == (
        "pause",
        {"until": "2026-02-01", "weeks_moved": [2, 3, 4]},
    )


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("", "Choose the day on which the break ends."),
        ("next week", "Write the day as a date, like 2027-03-31."),
        ("2026-01-12", "Choose a day after today, by the person’s own calendar."),
        ("2020-01-01", "Choose a day after today, by the person’s own calendar."),
        ("2028-01-01", "Choose a day within a year."),
    ],
)
def test_break_that_is_none_is_asked_for_again(
    manager: Client, person: Enrolment, until: str, sentence: str
) -> None:
    assert sentence in said(see(manager, person, "pause", until=until))
    assert sentence in said(do(manager, person, "pause", until=until))
    assert sessions(person) == PLAN


def test_today_is_by_the_calendar_of_the_person(study: Study, manager: Client) -> None:
    """It is noon on the 12th; in Kiritimati two in the morning of the 13th."""
    person = enrolled(study=study, zone="Pacific/Kiritimati")
    assert "Choose a day after today" in said(see(manager, person, "pause", until="2026-01-13"))
    assert "What will happen" in said(see(manager, person, "pause", until="2026-01-14"))


def test_break_is_made_longer_and_ended(manager: Client, person: Enrolment) -> None:
    do(manager, person, "pause", until="2026-02-01")
    do(manager, person, "pause", until="2026-03-01")
    assert sessions(person)[0] == "2 Thu 05 Mar 19:00"

    page = see(manager, person, "resume")
    assert "The break ends now." in said(page)
    assert was_done(do(manager, person, "resume"), person)
    assert sessions(person) == PLAN
    assert [kind for kind, _why, _details in recorded(person)] == ["pause", "pause", "resume"]
    assert Rhythm.objects.get().paused_until is None


def test_break_that_was_changed_meanwhile_is_looked_at_again(
    manager: Client, person: Enrolment
) -> None:
    do(manager, person, "pause", until="2026-02-01")
    page = see(manager, person, "resume")
    services.pause(enrolment=person, until=date(2026, 2, 20), now=NOW)
    assert not was_done(do(manager, person, "resume", page), person)
    assert Rhythm.objects.get().paused_until == date(2026, 2, 20)


# What is not for everybody


@pytest.mark.parametrize("action", ["move-day", "pause", "resume"])
@pytest.mark.parametrize("who", ["joining", "invited", "withdrawn", "erased"])
def test_who_has_no_plan_has_nothing_to_move(
    study: Study, manager: Client, action: str, who: str
) -> None:
    person = invited(study=study) if who == "invited" else EnrolmentFactory(study=study)
    if who in {"withdrawn", "erased"}:
        person = enrolled(study=study)
        level = "erasure" if who == "erased" else "training"
        services.leave(enrolment=person, level=level, reason="", now=NOW)
    before = list(Prompt.objects.order_by("pk").values())
    for response in (
        manager.get(f"/staff/calm/people/{person.code}/{action}/"),
        do(manager, person, action, **TUESDAY, until="2026-02-01"),
    ):
        assert was_done(response, person)
    assert "Nothing was done" in told(manager, person)[0]
    assert (list(Prompt.objects.order_by("pk").values()), recorded(person)) == (before, [])


def test_break_is_offered_while_a_mail_is_ahead(manager: Client, person: Enrolment) -> None:
    assert see(manager, person, "pause", until="2026-02-01").status_code == 200
    live(NOW, NOW + timedelta(days=40))
    assert see(manager, person, "pause", until="2026-02-01").status_code == 302
