"""Leaving: how far, whether it is right, and goodbye."""

import re
import time
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import reverse

from participants.models import Enrolment, PracticeLog, User
from scheduling import services
from scheduling.models import Kind, Prompt
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import enrolled
from tests.factories.studies import ServiceFactory, StudyFactory
from tests.portal_joining.walk import text_of
from tests.portal_weeks.people import WEEK_ONE

NOW = WEEK_ONE + timedelta(hours=1)


def _with_code(client, *, minutes_ago=0):
    """As a sign-in by code leaves the session."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "code", "at": time.time() - minutes_ago * 60}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def _leave(client, level, *, confirm=True, **more):
    """`code` is the one that the page shown to this person carries, unless another is given."""
    code = client.get("/home/leave/").context["enrolment"].code
    data = {"level": level, "reason": "", "code": code, **more}
    return client.post("/home/leave/", data | ({"confirm": ""} if confirm else {}))


def test_each_choice_is_explained_and_none_is_chosen(signed_in):
    page = signed_in.get("/home/leave/").content.decode()
    assert "you need no reason" in page
    for words in ("Stop the training", "let you keep", "Nobody can undo this"):
        assert words in page
    assert " checked" not in page


def test_a_choice_is_confirmed_before_anything_happens(signed_in, person):
    page = _leave(signed_in, "everything", confirm=False, reason="Too busy").content.decode()
    assert "Is this right?" in page
    assert 'value="Too busy"' in page
    person.refresh_from_db()
    assert person.status == Enrolment.Status.ACTIVE


@pytest.mark.parametrize("level", ["training", "everything"])
def test_leaving_stops_at_once_says_goodbye_and_signs_out(signed_in, person, level):
    response = _leave(signed_in, level, reason="Too busy")
    assert response.url == f"/goodbye/{level}/"
    assert "Goodbye, and thank you" in signed_in.get(response.url).content.decode()
    assert signed_in.get("/home/").status_code == 302
    person.refresh_from_db()
    assert (person.status, person.withdrawal) == ("withdrawn", level)
    assert person.withdrawal_reason == "Too busy"
    assert Prompt.objects.filter(kind=Kind.WITHDRAWAL).count() == 1
    assert not Prompt.objects.filter(kind=Kind.SESSION, state="planned").exists()


@pytest.mark.parametrize("minutes_ago", [None, 31])
@pytest.mark.parametrize("confirm", [False, True])
def test_deletion_asks_for_a_fresh_code(signed_in, person, minutes_ago, confirm):
    if minutes_ago:
        _with_code(signed_in, minutes_ago=minutes_ago)
    page = _leave(signed_in, "erasure", confirm=confirm).content.decode()
    assert "A new code first" in page
    person.refresh_from_db()
    assert person.status == Enrolment.Status.ACTIVE


def test_asking_for_that_code_signs_out_and_leads_back(signed_in, person):
    response = signed_in.post("/home/leave/code/", {"code": person.code})
    back = "/home/leave/%3Flevel%3Derasure"
    assert response.url == f"{reverse('account_login')}?next={back}"
    assert "_auth_user_id" not in signed_in.session


def test_looking_at_the_address_of_the_new_code_signs_nobody_out(signed_in):
    assert signed_in.get("/home/leave/code/").url == "/home/leave/"
    assert signed_in.get("/home/leave/").status_code == 200


def test_with_a_fresh_code_everything_collected_is_deleted(signed_in, person):
    signed_in.post("/home/practice/", {"practice-activity": "own", "practice-day": "2026-01-08"})
    assert PracticeLog.objects.count() == 1
    _with_code(signed_in, minutes_ago=29)
    assert "Yes, delete and leave" in _leave(signed_in, "erasure", confirm=False).content.decode()
    assert _leave(signed_in, "erasure").url == "/goodbye/erasure/"
    person.refresh_from_db()
    assert person.erasure_requested_at == NOW
    assert not PracticeLog.objects.exists()


def test_someone_elses_code_is_not_fresh_for_me(signed_in, person):
    _with_code(signed_in)
    session = signed_in.session
    session["account_authentication_methods_user"] = "999"
    session.save()
    assert "A new code first" in _leave(signed_in, "erasure").content.decode()


def test_going_further_later_is_possible_and_back_is_not(signed_in, person):
    _leave(signed_in, "training")
    signed_in.force_login(person.user)
    page = signed_in.get("/home/leave/").content.decode()
    assert 'value="training"' not in page
    assert 'value="everything"' in page
    assert "Choose one of these." in _leave(signed_in, "training").content.decode()
    assert _leave(signed_in, "everything").url == "/goodbye/everything/"


def test_after_the_last_day_deletion_is_not_offered_and_it_says_why(signed_in, person):
    person.study.deletion_cutoff = (NOW - timedelta(days=1)).date()
    person.study.save()
    page = signed_in.get("/home/leave/").content.decode()
    assert "Deleting what was collected was possible until 7 January 2026." in page
    assert 'value="erasure"' not in page
    _with_code(signed_in)
    assert "Choose one of these." in _leave(signed_in, "erasure").content.decode()


def test_a_service_offers_no_questions_to_go_on_with(db, clock):
    client = Client()
    client.force_login(enrolled(study=ServiceFactory(), now=WEEK_ONE).user)
    page = client.get("/home/leave/").content.decode()
    assert 'value="training"' not in page
    assert 'value="everything"' in page


def test_someone_who_has_chosen_no_day_can_leave_too(db, clock):
    person = EnrolmentFactory()
    client = Client()
    client.force_login(person.user)
    assert _leave(client, "everything").url == "/goodbye/everything/"


def test_nothing_chosen_is_asked_about(signed_in):
    page = _leave(signed_in, "").content.decode()
    assert "Choose how far you want to leave." in page


def test_a_reason_too_long_is_asked_about_and_nothing_happens(signed_in, person):
    page = _leave(signed_in, "training", reason="x" * 2001).content.decode()
    assert "Please keep it to 2000 letters." in page
    person.refresh_from_db()
    assert person.status == Enrolment.Status.ACTIVE


def test_a_reason_that_is_no_text_is_asked_about_in_our_own_words(signed_in):
    page = _leave(signed_in, "training", reason="a\x00b").content.decode()
    assert "Something in this is no text. Please type it once more." in page


def test_what_was_agreed_to_can_be_read_after_leaving(signed_in, person):
    services.leave(enrolment=person, level="everything", reason="", now=NOW)
    page = signed_in.get("/home/agreement/").content.decode()
    assert "Signed: Demo Person." in page
    assert re.search(r"agreed on \d+ \w+ 20\d\d, \d\d:\d\d, UK time\.", page)
    assert "The information sheet as it is now, version 1." in page


@pytest.fixture
def failing(signed_in, person):
    """Mail to this person comes back."""
    User.objects.filter(pk=person.user_id).update(address_failed_at=WEEK_ONE)


@pytest.mark.parametrize("level", ["training", "everything"])
def test_nobody_whose_mail_comes_back_is_promised_a_mail(signed_in, failing, level):
    for page in (signed_in.get("/home/leave/"), _leave(signed_in, level, confirm=False)):
        assert "one email" not in text_of(page).lower()
    confirm = text_of(_leave(signed_in, level, confirm=False))
    assert "It happens at once, and you are signed out." in confirm
    assert "Our emails to you come back, so the next page is your confirmation." in confirm

    left = _leave(signed_in, level)

    assert left.url == f"/goodbye/{level}/?mail-comes-back"
    goodbye = text_of(signed_in.get(left.url))
    assert "Our emails to you come back, so this page is your confirmation." in goodbye
    assert "If you sign in with a code within a week, an email confirms it too." in goodbye
    assert "One email" not in goodbye


def test_deletion_promises_no_mail_either_and_waits_for_none(signed_in, failing):
    _with_code(signed_in)
    confirm = text_of(_leave(signed_in, "erasure", confirm=False))
    assert "Your address is deleted too, within a day. Our emails to you come back" in confirm
    goodbye = text_of(signed_in.get(_leave(signed_in, "erasure").url))
    assert "this page is your confirmation. Your address is deleted too, within a day." in goodbye
    assert "email confirms" not in confirm + goodbye


def test_everybody_else_is_promised_one(signed_in):
    assert "apart from one email that confirms this." in text_of(signed_in.get("/home/leave/"))
    assert "One email confirms it" in text_of(_leave(signed_in, "everything", confirm=False))
    goodbye = text_of(signed_in.get(_leave(signed_in, "everything").url))
    assert "One email confirms it." in goodbye
    assert "come back" not in goodbye


def test_only_real_goodbyes_exist(client, db):
    assert client.get("/goodbye/nothing/").status_code == 404


@pytest.fixture
def other(signed_in, person):
    """The same person takes part in a second study."""
    return enrolled(user=person.user, study=StudyFactory(), now=WEEK_ONE)


def _choose(client, enrolment):
    client.post(reverse("portal:which"), {"code": enrolment.code})


@pytest.mark.parametrize("left_before", [False, True])
def test_after_the_code_it_is_the_same_study_that_is_deleted(signed_in, person, other, left_before):
    if left_before:
        services.leave(enrolment=other, level="everything", reason="", now=NOW)
    _choose(signed_in, other)
    page = _leave(signed_in, "erasure", confirm=False).content.decode()
    assert "A new code first" in page
    assert other.study.public_name in page
    signed_in.post("/home/leave/code/", {"code": other.code})
    assert "_auth_user_id" not in signed_in.session
    signed_in.force_login(person.user)
    _with_code(signed_in)
    page = signed_in.get("/home/leave/?level=erasure")
    assert page.context["enrolment"] == other
    confirm = _leave(signed_in, "erasure", confirm=False).content.decode()
    assert f"You are leaving <strong>{other.study.public_name}</strong>." in confirm
    _leave(signed_in, "erasure")
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.status, other.withdrawal) == (Enrolment.Status.ACTIVE, "erasure")


@pytest.mark.parametrize("address", ["/home/leave/", "/home/leave/code/"])
def test_a_form_of_one_study_does_not_leave_the_other_opened_since(
    signed_in, person, other, address
):
    _with_code(signed_in)
    _choose(signed_in, other)
    data = {"level": "erasure", "reason": "", "code": person.code, "confirm": ""}
    response = signed_in.post(address, data, follow=True)
    assert response.redirect_chain == [("/home/which/", 302)]
    assert "Nothing has happened" in response.content.decode()
    assert list(Enrolment.objects.values_list("status", flat=True)) == ["active", "active"]


@pytest.mark.parametrize("address", ["/home/leave/", "/home/leave/code/"])
def test_a_form_that_says_no_study_leaves_none(signed_in, person, address):
    _with_code(signed_in)
    response = signed_in.post(address, {"level": "everything", "reason": "", "confirm": ""})
    assert response.url == "/home/which/"
    person.refresh_from_db()
    assert person.status == Enrolment.Status.ACTIVE


def test_what_is_kept_is_kept_apart_from_the_name_and_it_says_no_more(signed_in, person):
    """At this level the address and the signed agreement stay; so "without your name" is untrue."""
    pages = [signed_in.get("/home/leave/"), _leave(signed_in, "everything", confirm=False)]
    services.leave(enrolment=person, level="everything", reason="", now=NOW)
    pages.append(signed_in.get("/home/"))
    for page in pages:
        words = page.content.decode()
        assert "is kept under a code, apart from your name." in words
        assert "without your name" not in words


def test_what_is_deleted_at_once_and_what_within_a_day_is_told_before(signed_in):
    _with_code(signed_in)
    page = _leave(signed_in, "erasure", confirm=False).content.decode()
    assert "What was collected is deleted at once" in page
    assert "After that your address is deleted too, within a day." in page
    assert "It happens at once." not in page
    page = _leave(signed_in, "everything", confirm=False).content.decode()
    assert "It happens at once." in page


@pytest.mark.parametrize("page", ["leave", "confirm"])
def test_the_page_names_what_is_left(signed_in, person, page):
    shown = {
        "leave": lambda: signed_in.get("/home/leave/"),
        "confirm": lambda: _leave(signed_in, "everything", confirm=False),
    }
    assert f"{person.study.public_name}" in shown[page]().content.decode().split("<main")[1]
