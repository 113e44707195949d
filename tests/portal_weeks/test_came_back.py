"""Someone whose mail comes back is asked for another address when they next look in."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from participants import addresses
from participants.models import Enrolment, Session, User
from scheduling import services
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.portal_joining.walk import Joiner, newest_code, text_of
from tests.portal_weeks.people import WEEK_ONE, token_of
from tests.scheduling.lives import tick

pytestmark = pytest.mark.django_db

WORKS = reverse("portal:address_works")
ASKED = "Our last email to you came back."
PAGES = ["/home/", "/week/1/", "/week/2/"]  # the second is not open yet


@pytest.fixture
def failing(person: Enrolment) -> Enrolment:
    User.objects.filter(pk=person.user_id).update(email="ann@example.org", address_failed_at=MONDAY)
    person.refresh_from_db()
    return person


def is_marked() -> bool:
    return User.objects.filter(email="ann@example.org", address_failed_at=MONDAY).exists()


def sign_in(email: str) -> Client:
    browser = Client()
    asked = browser.post(reverse("account_login"), {"login": email})
    browser.post(asked["Location"], {"code": newest_code(email)})
    return browser


# What is said


@pytest.mark.parametrize("page", PAGES)
def test_person_is_asked_for_another_address(page, signed_in, failing) -> None:
    shown = signed_in.get(page)

    words = text_of(shown)
    assert words.startswith(
        f"{ASKED} It could not be delivered to a…\u2060@example.org, so we have sent none since. "
        "Your weeks are open here all the same. Give us another address That address works again"
    )
    assert "ann@example.org" not in shown.content.decode()
    assert f'href="{reverse("portal:address")}"' in shown.content.decode()


def test_person_is_asked_when_the_weeks_are_over(signed_in, failing, clock) -> None:
    Session.objects.update(first_opened_at=MONDAY, took_part_at=MONDAY, finished_at=MONDAY)
    clock(MONDAY + timedelta(days=60))
    page = text_of(signed_in.get("/home/"))
    assert page.startswith(ASKED)
    assert "Thank you." in page


@pytest.mark.parametrize("level", ["training", "everything"])
def test_person_who_left_is_asked_too(level, signed_in, failing) -> None:
    """Questions may come later; and their confirmation waits for it."""
    services.leave(enrolment=failing, level=level, reason="", now=MONDAY)
    page = text_of(signed_in.get("/home/"))
    assert page.startswith(
        f"{ASKED} It could not be delivered to a…\u2060@example.org, so we have sent none since. "
        "Give us another address That address works again You have left"
    )


def test_person_who_asked_for_deletion_is_asked_nothing(signed_in, failing) -> None:
    services.leave(enrolment=failing, level="erasure", reason="", now=MONDAY)
    assert "came back" not in text_of(signed_in.get("/home/"))


def test_person_who_has_joined_this_minute_is_asked_and_promised_no_mail(client) -> None:
    ann = Joiner(client, StudyFactory())
    ann.join()
    promises = ("On each we write to you", "We are writing to you now to welcome you.")
    page = text_of(ann.get("join_dates"))
    assert (ASKED in page, [each in page for each in promises]) == (False, [True, True])

    User.objects.update(address_failed_at=MONDAY)

    page = text_of(ann.get("join_dates"))
    assert (ASKED in page, [each in page for each in promises]) == (True, [False, False])


def test_nobody_whose_mail_comes_back_is_told_that_a_mail_will_bring_the_link(
    signed_in, person, clock
) -> None:
    clock(MONDAY)
    assert "An email will bring you the link." in text_of(signed_in.get("/home/"))
    User.objects.update(address_failed_at=MONDAY)
    page = text_of(signed_in.get("/home/"))
    assert "An email will bring you the link." not in page
    assert "You will find it on this page." in page


@pytest.mark.parametrize("page", PAGES)
def test_nobody_is_asked_whose_mail_arrives(page, signed_in) -> None:
    assert "came back" not in text_of(signed_in.get(page))


@pytest.mark.parametrize("page", PAGES)
def test_reader_of_a_forwarded_mail_sees_no_address_and_no_button(page, by_link, failing) -> None:
    shown = by_link.get(page)

    assert text_of(shown).startswith(
        f"{ASKED} So we have sent none since. Your weeks are open here all the same. "
        "Sign in to get emails again"
    )
    html = shown.content.decode()
    assert "example.org" not in html.replace("study@example.org", "")
    assert WORKS not in html
    assert "Give us another address" not in html


def test_asking_costs_no_question_to_the_database(
    signed_in, person, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    signed_in.get("/home/")  # notes the visit
    with django_assert_max_num_queries(100) as calm:
        signed_in.get("/home/")
    User.objects.update(address_failed_at=MONDAY)
    with django_assert_num_queries(len(calm)):
        signed_in.get("/home/")


# What the person can do


def test_person_says_that_it_works_again(signed_in, failing) -> None:
    said = signed_in.post(WORKS, follow=True)

    assert said.redirect_chain == [("/home/", 302)]
    assert "Thank you. Our emails go to that address again." in text_of(said)
    assert ASKED not in text_of(said)
    assert not is_marked()


@pytest.mark.parametrize("page", PAGES)
def test_person_stays_where_they_said_it(page, signed_in, failing) -> None:
    (back,) = re.findall(r'name="next" value="([^"]*)"', signed_in.get(page).content.decode())
    said = signed_in.post(WORKS, {"next": back}, follow=True)
    assert said.redirect_chain == [(page, 302)]
    assert "Thank you. Our emails go to that address again." in text_of(said)


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "/\\\\example.org", "javascript:0", "x"]
)
def test_person_is_led_to_no_other_site(elsewhere, signed_in, failing) -> None:
    assert signed_in.post(WORKS, {"next": elsewhere}).headers["Location"] == "/home/"


def test_confirmation_that_waited_goes_when_they_say_so(signed_in, failing, mailoutbox) -> None:
    services.leave(enrolment=failing, level="everything", reason="", now=WEEK_ONE)
    tick(WEEK_ONE)
    assert mailoutbox == []
    for _twice in range(2):
        signed_in.post(WORKS)
    tick(WEEK_ONE + timedelta(hours=1))
    assert [each.subject for each in mailoutbox] == ["You have left Weekly session"]


def test_confirmation_that_waited_goes_to_their_new_address(signed_in, failing, mailoutbox) -> None:
    services.leave(enrolment=failing, level="everything", reason="", now=WEEK_ONE)
    tick(WEEK_ONE)
    signed_in.post(reverse("portal:address"), {"email": "ann@new.example"})
    signed_in.post(reverse("portal:address_code"), {"code": newest_code("ann@new.example")})
    tick(WEEK_ONE + timedelta(hours=1))
    assert (mailoutbox[-1].subject, mailoutbox[-1].to) == (
        "You have left Weekly session",
        ["ann@new.example"],
    )


def test_confirmation_that_waited_goes_when_they_sign_in(failing, clock, mailoutbox) -> None:
    services.leave(enrolment=failing, level="everything", reason="", now=WEEK_ONE)
    tick(WEEK_ONE)
    sign_in("ann@example.org")
    tick(WEEK_ONE + timedelta(hours=1))
    assert mailoutbox[-1].subject == "You have left Weekly session"


def test_mail_of_before_they_signed_in_marks_the_address_no_more(person, clock) -> None:
    User.objects.filter(pk=person.user_id).update(email="ann@example.org")
    sign_in("ann@example.org")
    addresses.mark_failed(enrolment=person.pk, mailed_at=WEEK_ONE, now=WEEK_ONE + timedelta(days=1))
    assert not User.objects.exclude(address_failed_at=None).exists()


def test_saying_so_twice_does_it_once(signed_in, failing) -> None:
    signed_in.post(WORKS)
    assert signed_in.post(WORKS).status_code == 302
    assert not is_marked()


def test_looking_changes_nothing(signed_in, failing) -> None:
    assert signed_in.get(WORKS).status_code == 405
    for page in (*PAGES, reverse("portal:address")):
        signed_in.get(page)
    assert is_marked()


def test_new_address_is_written_to(signed_in, failing) -> None:
    signed_in.post(reverse("portal:address"), {"email": "ann@new.example"})
    signed_in.post(reverse("portal:address_code"), {"code": newest_code("ann@new.example")})

    assert list(User.objects.values_list("email", "address_failed_at")) == [
        ("ann@new.example", None)
    ]
    assert ASKED not in text_of(signed_in.get("/home/"))


def test_code_that_came_back_shows_that_the_address_works(failing, clock) -> None:
    browser = sign_in("ann@example.org")

    assert not is_marked()
    assert ASKED not in text_of(browser.get("/home/"))


def test_code_that_was_asked_for_and_never_came_shows_nothing(failing, clock) -> None:
    browser = Client()
    asked = browser.post(reverse("account_login"), {"login": "ann@example.org"})
    browser.post(asked["Location"], {"code": "AAAA-AAAA"})
    assert is_marked()


# What others can not


def test_stranger_is_led_to_signing_in(client, failing) -> None:
    assert client.post(WORKS)["Location"].startswith(reverse("account_login"))
    assert is_marked()


def test_reader_of_a_forwarded_mail_is_asked_for_a_code(by_link, failing) -> None:
    assert by_link.post(WORKS).status_code == 403
    assert is_marked()


def test_another_person_speaks_for_their_own_address_alone(failing, clock) -> None:
    other = enrolled(user=UserFactory(email="bob@example.org"))
    browser = Client()
    browser.force_login(other.user)
    browser.post(WORKS)
    sign_in("bob@example.org")
    assert is_marked()


def test_form_of_another_site_is_refused(failing, clock, settings: Settings) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(failing.user)
    assert browser.post(WORKS).status_code == 403
    assert is_marked()


def test_someone_who_left_may_say_so_too(signed_in, failing) -> None:
    """Their confirmation, or a copy, may be waiting for it."""
    Enrolment.objects.update(status="withdrawn", withdrawal="training", withdrawn_at=MONDAY)
    signed_in.post(WORKS)
    assert not is_marked()


def test_opening_a_mailed_link_proves_nothing(client, failing, clock) -> None:
    """It may be an older mail, or have been passed on."""
    client.post(f"/go/{token_of(failing)}/")
    assert is_marked()
