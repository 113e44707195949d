"""Someone whose mail comes back is asked for another address when they next look in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from participants.models import Enrolment, Session, User
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.portal_joining.walk import newest_code, text_of
from tests.portal_weeks.people import token_of

pytestmark = pytest.mark.django_db

WORKS = reverse("portal:address_works")
ASKED = "Our last email to you came back."
PAGES = ["/home/", "/week/1/"]


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
    Session.objects.update(first_opened_at=MONDAY, finished_at=MONDAY)
    clock(MONDAY + timedelta(days=60))
    page = text_of(signed_in.get("/home/"))
    assert page.startswith(ASKED)
    assert "Thank you." in page


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
