"""Who sees what: a stranger, someone of another study, a visit by link, someone who has left."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import Enrolment, Session
from portal import access
from scheduling import services
from tests.factories.courses import published_edition
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.scheduling import enrolled
from tests.factories.studies import ServiceFactory, StudyFactory
from tests.portal_weeks.people import WEEK_ONE, token_of

# Address, and whether a visit by mailed link may see it.
PAGES = [
    ("/home/", True),
    ("/week/1/", True),
    ("/week/1/handout/print/", True),
    ("/week/1/video/words/", True),
    ("/beside/worries/", True),
    ("/beside/glossary/", True),
    ("/home/everything.zip", True),
    ("/home/pause/", True),
    ("/home/day/", False),
    ("/home/another-week/", False),
    ("/home/mail/", False),
    ("/home/agreement/", False),
    ("/home/leave/", False),
]
FORMS = [
    ("/home/practice/", True),
    ("/week/1/finish/", True),
    ("/week/1/another-way/", True),
    ("/week/1/practised/", True),
    ("/home/pause/", True),
    ("/home/day/", False),
    ("/home/another-week/", False),
    ("/home/mail/", False),
    ("/home/leave/", False),
    ("/home/leave/code/", False),
]


@pytest.mark.parametrize("address", [address for address, _link in PAGES])
def test_a_participant_sees_their_page(signed_in, address):
    assert signed_in.get(address).status_code == 200


@pytest.mark.parametrize("address", [address for address, _link in PAGES])
def test_a_stranger_is_asked_to_sign_in_and_comes_back_here(client, db, address):
    response = client.get(address)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={address}"


@pytest.mark.parametrize("address", [address for address, _link in FORMS])
def test_a_strangers_form_changes_nothing(client, db, address):
    response = client.post(address)
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next=/home/"


@pytest.mark.parametrize(("address", "admitted"), PAGES)
def test_a_visit_by_link_sees_the_weeks_and_no_more(by_link, address, admitted):
    response = by_link.get(address)
    if admitted:
        assert response.status_code == 200
    else:
        assert response.status_code == 403
        assert "This page asks for a code" in response.content.decode()
        assert f"{reverse('account_login')}?next={address.replace('/', '%2F')}" in (
            response.content.decode()
        )


@pytest.mark.parametrize(("address", "admitted"), FORMS)
def test_a_visit_by_link_sends_the_forms_of_the_weeks_alone(by_link, address, admitted):
    assert (by_link.post(address).status_code == 403) is not admitted


@pytest.mark.parametrize("address", [address for address, _link in PAGES])
def test_someone_without_an_enrolment_finds_no_ones_pages(db, client, address):
    client.force_login(UserFactory())
    response = client.get(address)
    assert response.status_code == 200
    assert "There is nothing here yet" in response.content.decode()


@pytest.mark.parametrize("address", ["/home/", "/week/1/", "/beside/worries/"])
def test_a_researcher_without_an_enrolment_is_led_to_the_studies(db, client, address):
    client.force_login(UserFactory(researcher_of=StudyFactory()))
    assert client.get(address).url == reverse("monitoring:studies")


def test_someone_of_another_study_sees_their_own_weeks(person, clock):
    other = enrolled(study=ServiceFactory(), now=WEEK_ONE)
    client = Client()
    client.force_login(other.user)
    assert client.get("/home/").context["enrolment"] == other


def test_a_link_visit_ends_after_twelve_hours(by_link, clock):
    clock(WEEK_ONE + timedelta(hours=12, minutes=59))
    assert by_link.get("/home/").status_code == 200
    clock(WEEK_ONE + timedelta(hours=13))
    assert by_link.get("/home/").status_code == 302


def test_a_link_visit_ends_when_the_links_are_replaced(by_link, person):
    Enrolment.objects.filter(pk=person.pk).update(link_version=2)
    assert by_link.get("/home/").status_code == 302


def test_a_link_visit_ends_when_the_person_leaves(by_link, person):
    services.leave(enrolment=person, level="training", reason="", now=timezone.now())
    assert by_link.get("/home/").status_code == 302


def test_a_link_never_signs_anyone_in(by_link):
    assert by_link.get("/home/").wsgi_request.user.is_anonymous


def test_a_session_made_up_by_an_older_version_of_a_link_is_nobody(db, rf):
    request = rf.get("/home/")
    request.session = {access.LINK: {"enrolment": 999, "version": 1, "until": "2999-01-01T00:00Z"}}
    assert access.link_enrolment(request) is None


@pytest.mark.parametrize(
    "address", ["/home/", "/week/1/", "/week/2/", "/beside/worries/", "/home/which/"]
)
def test_pages_are_not_kept_by_the_browser(signed_in, address):
    assert "no-store" in signed_in.get(address)["Cache-Control"]


def test_nor_is_the_page_of_someone_who_has_left(signed_in, person):
    services.leave(enrolment=person, level="everything", reason="", now=timezone.now())
    response = signed_in.get("/home/")
    assert "You have left" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_nor_is_the_page_that_asks_for_a_code(by_link):
    assert "no-store" in by_link.get("/home/leave/")["Cache-Control"]


def test_nor_is_the_page_of_someone_who_has_not_joined(client, db):
    client.force_login(UserFactory())
    assert "no-store" in client.get("/home/")["Cache-Control"]


def test_pages_run_on_the_persons_own_clock(db, clock):
    person = enrolled(zone="Asia/Tokyo", time="08:00", now=WEEK_ONE)
    clock(WEEK_ONE + timedelta(days=1))
    client = Client()
    client.force_login(person.user)
    assert "Thursday 15 January at 8 in the morning" in client.get("/home/").content.decode()


def test_with_several_enrolments_it_asks_which(signed_in, person):
    other = enrolled(user=person.user, study=ServiceFactory(), now=WEEK_ONE)
    assert signed_in.get("/home/").url == reverse("portal:which")
    page = signed_in.get(reverse("portal:which")).content.decode()
    assert person.study.public_name in page
    assert other.study.public_name in page
    signed_in.post(reverse("portal:which"), {"code": other.code})
    home = signed_in.get("/home/")
    assert home.context["enrolment"] == other
    assert "Open another one" in home.content.decode()


def test_with_one_enrolment_there_is_nothing_to_choose(signed_in):
    assert "Open another one" not in signed_in.get("/home/").content.decode()


def test_choosing_anothers_enrolment_is_asked_again(signed_in, person):
    stranger = enrolled(study=ServiceFactory(), now=WEEK_ONE)
    response = signed_in.post(reverse("portal:which"), {"code": stranger.code})
    assert "Choose one of these." in response.content.decode()
    assert access.CHOSEN not in signed_in.session


@pytest.mark.parametrize(
    ("passed", "step"), [(False, "portal:join_about"), (True, "portal:join_day")]
)
def test_someone_half_way_through_joining_goes_on_there(clock, db, passed, step):
    person = EnrolmentFactory(demographics_at=WEEK_ONE if passed else None)
    client = Client()
    client.force_login(person.user)
    assert client.get("/home/").url == reverse(step, args=[person.study.slug])


def test_a_service_asks_nothing_about_people(clock, db):
    person = EnrolmentFactory(study=ServiceFactory())
    client = Client()
    client.force_login(person.user)
    assert client.get("/week/1/").url == reverse("portal:join_day", args=[person.study.slug])


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("training", "go on answering questions"),
        ("everything", "We write to you no more"),
        ("erasure", "We are doing that now"),
    ],
)
def test_someone_who_left_finds_what_they_chose(signed_in, person, level, words):
    services.leave(enrolment=person, level=level, reason="", now=timezone.now())
    page = signed_in.get("/home/").content.decode()
    assert words in page
    assert ("See how deleting works" in page) is (level != "erasure")
    assert signed_in.get("/week/1/").url == "/home/"
    assert signed_in.get("/home/everything.zip").url == "/home/"
    assert signed_in.get("/beside/worries/").url == "/home/"


def test_after_the_cutoff_deletion_is_no_longer_offered(signed_in, person, clock):
    services.leave(enrolment=person, level="everything", reason="", now=timezone.now())
    clock(WEEK_ONE.replace(year=person.study.deletion_cutoff.year + 1))
    signed_in.force_login(person.user)
    page = signed_in.get("/home/").content.decode()
    assert "See how deleting works" not in page
    assert "was possible until" in page
    assert signed_in.get("/home/leave/").url == "/home/"


@pytest.mark.parametrize("address", ["/week/5/", "/week/0/", "/week/99999999999999999999/"])
def test_a_week_that_does_not_exist_is_a_404_page(signed_in, address):
    response = signed_in.get(address)
    assert response.status_code == 404
    assert "There is no page here" in response.content.decode()


def test_another_editions_media_are_not_found(signed_in):
    other = published_edition(1).modules.get().materials.get(key="video")
    assert signed_in.get(reverse("portal:media", args=[other.pk, "file"])).status_code == 404


def test_a_link_opened_after_another_persons_visit_finds_nothing_of_theirs(by_link, person, clock):
    other = enrolled(study=ServiceFactory(), now=WEEK_ONE)
    session = by_link.session
    session["joining"] = "left behind"
    session.save()
    before = session.session_key
    clock(WEEK_ONE + timedelta(hours=14))
    by_link.post(f"/go/{token_of(other)}/")
    assert by_link.session[access.LINK]["enrolment"] == other.pk
    assert by_link.session.session_key != before
    assert "joining" not in by_link.session
    assert Session.objects.filter(enrolment=other, first_opened_at=None).count() == 4


def test_a_link_opened_in_a_browser_where_someone_was_joining_finds_nothing_of_theirs(
    client, person, clock
):
    session = client.session
    session["joining"] = "left behind"
    session.save()
    client.post(f"/go/{token_of(person)}/")
    assert client.session[access.LINK]["enrolment"] == person.pk
    assert "joining" not in client.session


def test_ones_own_link_again_keeps_the_visit_and_changes_its_key(by_link, person):
    session = by_link.session
    session["kept"] = "mine"
    session.save()
    before = session.session_key
    assert by_link.post(f"/go/{token_of(person)}/").url == "/week/1/"
    assert by_link.session["kept"] == "mine"
    assert by_link.session.session_key != before


def test_signing_in_ends_a_visit_by_link_for_good(by_link):
    someone = UserFactory()
    by_link.force_login(someone)
    assert access.LINK not in by_link.session
    someone.delete()  # their session stays behind, and is nobody's
    assert by_link.get("/home/").status_code == 302


def test_page_that_is_not_theirs_leads_someone_signed_in_to_their_own(signed_in):
    response = signed_in.get("/staff/")
    page = response.content.decode()

    assert response.status_code == 403
    assert '<a class="btn" href="/home/">Go to your pages</a>' in page
    assert "sign in with a code" not in page
