"""What a person finds at home, at each moment of their weeks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from participants.models import PracticeLog, Session
from participants.services import finish_session, open_session
from scheduling import services
from studies.models import Document
from studies.services import new_version, publish_document
from tests.factories.scheduling import MONDAY
from tests.portal_weeks.people import WEEK_ONE, session_of, token_of

WEEK = timedelta(days=7)


def _page(client):
    return client.get("/home/").content.decode()


def _open(person, *weeks, finish=False):
    for week in weeks:
        open_session(session=session_of(person, week), now=timezone.now())
        if finish:
            finish_session(session=session_of(person, week), now=timezone.now())


def _ask_everyone_anew(study):
    document = new_version(document=Document.objects.in_force(study, "consent"))
    document.requires_new_consent = True
    document.save()
    publish_document(document=document, now=timezone.now())


def test_before_the_first_week_it_says_when_that_opens(signed_in, clock):
    clock(MONDAY)
    page = _page(signed_in)
    assert "<h1>Week one opens on Thursday 8 January at 7 in the evening</h1>" in page
    assert 'href="/home/dates.ics">Put the dates in my calendar' in page
    assert "What did you do?" not in page


def test_an_open_week_is_the_one_next_step(signed_in):
    page = _page(signed_in)
    assert "<h1>Week one is open</h1>" in page
    assert '<a class="btn" href="/week/1/">Open week one</a>' in page
    assert (
        "Watch for 5 minutes, read a handout, or listen for 10 minutes (or for 3 minutes)." in page
    )
    assert "Week two. Opens on Thursday 15 January at 7 in the evening." in page


def test_a_finished_week_leads_to_the_next_ones_day(signed_in, person):
    _open(person, 1, finish=True)
    page = _page(signed_in)
    assert "<h1>Week two opens on Thursday 15 January at 7 in the evening</h1>" in page
    assert "Go back to week one" in page


def test_someone_three_weeks_late_can_begin_with_week_one_beside_the_current_one(signed_in, clock):
    clock(WEEK_ONE + 3 * WEEK)
    page = _page(signed_in)
    assert '<a class="btn" href="/week/1/">Begin with week one</a>' in page
    assert '<a class="btn quiet" href="/week/4/">Open week four</a>' in page


def test_a_week_passed_over_is_offered_beside_the_current_one(signed_in, person, clock):
    _open(person, 1)
    clock(WEEK_ONE + 2 * WEEK)
    page = _page(signed_in)
    assert '<a class="btn" href="/week/3/">Open week three</a>' in page
    assert '<a class="btn quiet" href="/week/2/">Begin with week two</a>' in page


def test_someone_who_comes_back_after_two_months_begins_with_week_one(signed_in, clock):
    clock(WEEK_ONE + 12 * WEEK)
    page = _page(signed_in)
    assert "<h1>You can begin today</h1>" in page
    assert "Begin with week one" in page


@pytest.mark.parametrize("word", ["overdue", "missed", "behind", "streak", "still", "late"])
def test_nothing_is_ever_said_to_be_late(signed_in, clock, word):
    clock(WEEK_ONE + 3 * WEEK)
    assert f" {word} " not in _page(signed_in).lower()


def test_every_week_finished_is_the_end(signed_in, person, clock):
    clock(WEEK_ONE + 3 * WEEK)
    _open(person, 1, 2, 3, 4, finish=True)
    page = _page(signed_in)
    assert "That was week four. Thank you." in page
    assert "There are no more weekly emails." in page
    assert "These pages stay open until 29 January 2027." in page


def test_after_the_farewell_it_is_the_end_for_whoever_began(signed_in, person, clock):
    _open(person, 1)
    clock(WEEK_ONE + 4 * WEEK - timedelta(seconds=1))
    assert "Thank you." not in _page(signed_in)
    clock(WEEK_ONE + 4 * WEEK)
    page = _page(signed_in)
    assert "That was week four. Thank you." in page
    assert '<a class="btn" href="/week/2/">Open week two</a>' in page


def test_a_break_says_until_when(signed_in, person):
    until = timezone.localdate() + timedelta(days=20)
    services.pause(enrolment=person, until=until, now=timezone.now())
    page = _page(signed_in)
    assert "<h1>You are having a break</h1>" in page
    assert "until Wednesday 28 January" in page
    assert "End the break" in page


def test_switched_off_mails_say_so(signed_in, person):
    services.stop_mail(enrolment=person, now=timezone.now())
    assert "Switch the emails on" in _page(signed_in)


def test_a_new_agreement_is_asked_for_and_the_weeks_stay_open(signed_in, person):
    _ask_everyone_anew(person.study)
    page = _page(signed_in)
    assert 'href="/home/agreement/new/">Read the new agreement' in page
    response = signed_in.get("/week/1/")
    assert response.status_code == 200
    assert "Read the new agreement" in response.content.decode()
    assert session_of(person).first_opened_at is None


def test_while_a_new_agreement_waits_nothing_is_said_to_be_noted(signed_in, person):
    _ask_everyone_anew(person.study)
    response = signed_in.post("/week/1/another-way/")
    assert [str(each) for each in get_messages(response.wsgi_request)] == [
        "We have not noted this: there is a new agreement to read first."
    ]


def _note(client, address="/home/practice/", **changes):
    data = {
        "practice-uuid": str(uuid4()),
        "practice-activity": "1/exercise",
        "practice-day": timezone.localdate().isoformat(),
        **{f"practice-{name}": value for name, value in changes.items()},
    }
    return client.post(address, data, follow=True)


def test_practice_is_noted_and_shown(signed_in, person):
    response = _note(signed_in)
    page = response.content.decode()
    assert response.redirect_chain == [("/home/#practised", 302)]
    assert "Noted." in page.split('id="practised"')[1].split("</section>")[0]
    note = PracticeLog.objects.get()
    assert (note.session, note.activity) == (session_of(person), "Soothing rhythm breathing")
    assert "What you have noted" in page
    assert page.count("Noted.") == 1


def test_reloading_the_practice_form_by_its_address_leads_home(signed_in):
    assert signed_in.get("/home/practice/").url == "/home/"
    assert not PracticeLog.objects.exists()


def test_a_double_click_notes_one_practice(signed_in):
    same = str(uuid4())
    _note(signed_in, uuid=same)
    _note(signed_in, uuid=same)
    assert PracticeLog.objects.count() == 1


def test_an_invitation_of_the_week_can_be_noted_as_it_reads(signed_in):
    _note(signed_in, activity="1/1")
    assert PracticeLog.objects.get().activity == "Listen to the exercise."


def test_ones_own_practice_belongs_to_the_week_it_fell_in(signed_in, person, clock):
    clock(WEEK_ONE + 2 * WEEK)
    _note(signed_in, activity="own", day="2026-01-16")
    assert PracticeLog.objects.get().session == session_of(person, 2)


def test_a_practice_older_than_its_week_is_asked_about(signed_in, clock):
    clock(WEEK_ONE + 2 * WEEK)
    page = _note(signed_in, activity="3/exercise", day="2026-01-16").content.decode()
    assert "Week three opened on Thursday 22 January. Choose that day or a later one." in page
    assert not PracticeLog.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"activity": "4/exercise"}, "Choose what you did from the list."),
        ({"activity": ""}, "Choose what you did."),
        ({"day": "2026-01-07"}, "Choose a day from the list."),
        ({"day": "2026-02-30"}, "Choose a day from the list."),
        ({"day": ""}, "Choose a day."),
    ],
)
@pytest.mark.parametrize("address", ["/home/practice/", "/week/1/practised/"])
def test_a_note_that_needs_another_look_says_what(signed_in, address, changes, sentence):
    page = _note(signed_in, address, **changes).content.decode()
    assert sentence in page
    assert not PracticeLog.objects.exists()


def test_a_key_that_is_no_uuid_does_no_harm(signed_in):
    _note(signed_in, uuid="not a uuid")
    assert PracticeLog.objects.count() == 1


def test_practice_is_noted_on_the_persons_own_calendar(signed_in, person, clock):
    person.rhythm.zone = "Pacific/Auckland"
    person.rhythm.save()
    _note(signed_in, day="2026-01-09")
    assert PracticeLog.objects.get().practised_on.isoformat() == "2026-01-09"


@pytest.mark.parametrize("weeks", [1, 4])
@pytest.mark.parametrize("way", ["signed_in", "by_link"])
def test_home_asks_the_database_ten_times_at_most(
    request, way, person, clock, weeks, django_assert_max_num_queries
):
    client = request.getfixturevalue(way)
    clock(WEEK_ONE + (weeks - 1) * WEEK + timedelta(hours=1))
    _history(person, weeks)
    if way == "signed_in":
        client.force_login(person.user)
    else:
        client.post(f"/go/{token_of(person)}/")
    with django_assert_max_num_queries(10):
        assert client.get("/home/").status_code == 200


def _history(person, weeks):
    for week in range(1, weeks + 1):
        _open(person, week)
        for _time in range(5):
            PracticeLog.objects.create(
                uuid=uuid4(),
                session=session_of(person, week),
                activity="Breathing",
                practised_on=timezone.localdate(),
                noted_at=timezone.now(),
                app_version="test",
            )


@pytest.mark.parametrize("way", ["signed_in", "by_link"])
def test_whoever_looks_in_before_week_one_has_been_seen(request, way, person, clock):
    client = request.getfixturevalue(way)
    clock(MONDAY + timedelta(hours=1))
    if way == "by_link":
        client.post(f"/go/{token_of(person)}/")
    client.head("/home/")
    person.refresh_from_db()
    assert person.last_seen_at is None
    _page(client)
    person.refresh_from_db()
    assert person.last_seen_at == MONDAY + timedelta(hours=1)


def test_while_a_new_agreement_waits_a_visit_is_not_kept(signed_in, person):
    _ask_everyone_anew(person.study)
    _page(signed_in)
    person.refresh_from_db()
    assert person.last_seen_at is None


def test_sessions_are_never_changed_by_looking(signed_in, person):
    before = list(Session.objects.values())
    _page(signed_in)
    assert list(Session.objects.values()) == before
