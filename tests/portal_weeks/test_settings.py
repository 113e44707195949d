"""Another day, another week, a break, the mails, the agreement."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from participants.models import Session
from scheduling import services
from scheduling.models import Prompt, Rhythm
from studies.models import Document
from tests.factories.scheduling import MONDAY
from tests.factories.studies import StudyFactory
from tests.portal_joining.walk import Joiner, text_of
from tests.portal_weeks.people import (
    WEEK_ONE,
    break_ended,
    prompt_of,
    seen_and_saved,
    session_of,
)
from tests.scheduling.lives import tick

MONDAYS = {"weekday": 1, "local_time": "08:00", "zone": "Europe/London"}


def _opens(person, week):
    return timezone.localtime(session_of(person, week).opens_at).strftime("%A %-d %B %H:%M")


def test_a_new_day_is_seen_before_it_is_saved(signed_in, person):
    before = list(Session.objects.values())
    page = signed_in.get("/home/day/", {**MONDAYS, "show": ""}).content.decode()
    assert "sessions move; next: Monday" in page
    assert "until now: Thursday 15 January at 7 in the evening" in page
    assert list(Session.objects.values()) == before
    assert Rhythm.objects.get().weekday == 4


def test_a_new_clock_says_on_which_one_the_old_times_are(signed_in, person):
    there = {**MONDAYS, "zone": "Asia/Kathmandu", "show": ""}
    page = signed_in.get("/home/day/", there).content.decode()
    assert "until now: Thursday 15 January at 7 in the evening (UK time)" in page
    assert "The new times are Kathmandu time." in page
    same = signed_in.get("/home/day/", {**MONDAYS, "show": ""}).content.decode()
    assert "7 in the evening (" not in same


def test_a_break_says_how_long_it_lasts_and_is_not_begun_twice(signed_in, person):
    said = []
    for until in ("2026-01-24", "2026-01-25"):
        response = seen_and_saved(signed_in, "/home/pause/", {"until": until})
        said.append(str(next(iter(response.context["messages"]))))
    assert [each.partition(" Next:")[0] for each in said] == [
        "Your break begins now. It lasts until Saturday 24 January.",
        "Your break now lasts until Sunday 25 January.",
    ]


def test_a_break_says_of_a_week_that_is_open_that_its_mail_alone_moves(signed_in, person, clock):
    """The mails of weeks one and two are on their way, the second for an hour."""
    clock(WEEK_ONE + timedelta(days=7, hours=1))
    asked = {"until": "2026-01-24", "show": ""}
    page = signed_in.get("/home/pause/", asked).content.decode()
    assert page.count("open already; its email comes then") == 2
    seen_and_saved(signed_in, "/home/pause/", {"until": "2026-01-24"})
    assert signed_in.get("/week/2/").status_code == 200


def test_a_new_day_is_saved_as_it_was_shown(signed_in, person):
    response = seen_and_saved(signed_in, "/home/day/", MONDAYS)
    assert "Your day is changed." in response.content.decode()
    assert "Monday at 8 in the morning, UK time" in response.content.decode()
    assert _opens(person, 1) == "Thursday 8 January 19:00"
    assert _opens(person, 2) == "Monday 12 January 08:00"
    assert prompt_of(person, 2).due_at == session_of(person, 2).opens_at


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"weekday": ""}, "Choose a day of the week."),
        ({"weekday": "8"}, "Choose one of the seven days."),
        ({"local_time": "03:33"}, "Choose one of the times in the list."),
        ({"zone": "Mars/Olympus"}, "Choose one of the places in the list."),
    ],
)
@pytest.mark.parametrize(("ask", "button"), [("get", "show"), ("post", "save")])
def test_a_day_that_needs_another_look_says_why(signed_in, wrong, sentence, ask, button):
    data = {**MONDAYS, **wrong, button: ""}
    page = getattr(signed_in, ask)("/home/day/", data).content.decode()
    assert sentence in page
    assert "Change your day" in page
    assert Rhythm.objects.get().weekday == 4


def test_another_week_is_seen_then_taken(signed_in, person):
    page = signed_in.get("/home/another-week/").content.decode()
    assert "Thursday 22 January at 7 in the evening" in page
    assert _opens(person, 2) == "Thursday 15 January 19:00"
    response = seen_and_saved(signed_in, "/home/another-week/")
    assert "You have another week." in response.content.decode()
    assert _opens(person, 1) == "Thursday 8 January 19:00"
    assert _opens(person, 2) == "Thursday 22 January 19:00"
    assert _opens(person, 4) == "Thursday 5 February 19:00"


@pytest.mark.parametrize("way", ["signed_in", "by_link"])
def test_a_break_is_seen_then_begun_then_ended(request, person, way):
    client = request.getfixturevalue(way)
    page = client.get("/home/pause/", {"until": "2026-02-10", "show": ""}).content.decode()
    assert "A break until Tuesday 10 February?" in page
    assert Rhythm.objects.get().paused_until is None
    seen_and_saved(client, "/home/pause/", {"until": "2026-02-10"})
    assert Rhythm.objects.get().paused_until == date(2026, 2, 10)
    assert session_of(person, 2).opens_at.date() >= date(2026, 2, 12)
    assert "End the break now" in client.get("/home/pause/").content.decode()
    response = break_ended(client)
    assert "The break is over." in response.content.decode()
    assert Rhythm.objects.get().paused_until is None


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("", "Choose the day on which the break ends."),
        ("31 February", "Write the day as a date, like 2027-03-31."),
        ("2026-01-08", "Choose a day after today."),
        ("2025-01-01", "Choose a day after today."),
        ("2027-01-10", "Choose a day within a year."),
        ("9999-12-31", "Choose a day within a year."),
    ],
)
@pytest.mark.parametrize(("ask", "button"), [("get", "show"), ("post", "save")])
def test_a_break_that_needs_another_look_says_why(signed_in, until, sentence, ask, button):
    page = getattr(signed_in, ask)("/home/pause/", {"until": until, button: ""}).content.decode()
    assert sentence in page
    assert Rhythm.objects.get().paused_until is None


@pytest.mark.parametrize(
    ("address", "data"),
    [("/home/day/", MONDAYS), ("/home/pause/", {"until": "2026-02-10"})],
)
def test_an_address_alone_saves_nothing(signed_in, person, address, data):
    before = list(Rhythm.objects.values()), list(Session.objects.values())
    signed_in.get(address, {**data, "save": ""})
    signed_in.get(address, {**data, "show": "", "save": ""})
    assert (list(Rhythm.objects.values()), list(Session.objects.values())) == before


@pytest.mark.parametrize("address", ["/home/day/", "/home/pause/"])
def test_the_key_against_forged_forms_is_never_put_into_an_address(signed_in, address):
    form = signed_in.get(address).content.decode().split('<form method="get"')[1]
    assert "csrfmiddlewaretoken" not in form.split("</form>")[0]


@pytest.mark.parametrize("address", ["/home/day/", "/home/pause/"])
def test_an_empty_form_that_is_sent_says_what_is_needed(signed_in, address):
    assert "Problem: " in signed_in.post(address).content.decode()


def test_mails_are_switched_off_and_on(signed_in):
    assert "Stop the emails" in signed_in.get("/home/mail/").content.decode()
    for _press in range(2):
        signed_in.post("/home/mail/", {"stop": ""})
    assert Rhythm.objects.get().mail_off_since == WEEK_ONE + timedelta(hours=1)
    page = signed_in.get("/home/mail/").content.decode()
    assert "Your emails are switched off" in page
    signed_in.post("/home/mail/", {"start": ""})
    assert Rhythm.objects.get().mail_off_since is None


OFF = "Our emails to you are switched off. Switch them on"


@pytest.mark.parametrize("moment", [MONDAY, WEEK_ONE])
def test_home_says_that_the_mails_are_off(signed_in, person, clock, moment):
    """Whoever switched them off: a mail that someone called spam does so too."""
    clock(moment)
    assert OFF not in text_of(signed_in.get("/home/"))
    services.stop_mail(enrolment=person, now=moment)
    page = signed_in.get("/home/")
    assert text_of(page).count(OFF) == 1
    assert f'href="{reverse("portal:mail")}">Switch them on' in page.content.decode()


def test_home_says_so_behind_a_mailed_link_and_leads_to_a_code(by_link, person):
    services.stop_mail(enrolment=person, now=WEEK_ONE)
    assert OFF in text_of(by_link.get("/home/"))
    assert by_link.get("/home/mail/").status_code == 403


def test_dates_of_someone_whose_mails_are_off_promise_none(client, db):
    ann = Joiner(client, StudyFactory())
    ann.reach_day()
    tick(timezone.now())
    Prompt.objects.filter(kind="consent_copy").update(complained_at=timezone.now())
    ann.choose_day()
    page = text_of(ann.get("join_dates"))
    assert OFF in page
    assert "These are your dates. On each a week opens here at 7 in the evening" in page
    assert "On each we write to you" not in page


def test_a_form_without_a_button_switches_nothing(signed_in):
    assert signed_in.post("/home/mail/").status_code == 200
    assert Rhythm.objects.get().mail_off_since is None


def test_what_was_agreed_to_can_be_read_and_printed(signed_in, person):
    page = signed_in.get("/home/agreement/").content.decode()
    document = Document.objects.in_force(person.study, "consent")
    assert document.title in page
    assert "Version 1, agreed on" in page
    assert "Signed: Demo Person." in page
    for statement in document.statements.all():
        assert escape(statement.text) in page
