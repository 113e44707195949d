"""The address and the code: each way that it can go wrong."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import User
from tests.factories.participants import UserFactory
from tests.portal_joining.walk import Joiner, newest_code, text_of

pytestmark = pytest.mark.django_db
CONFIRM = reverse("account_confirm_login_code")


@pytest.fixture
def asked(ann: Joiner) -> Joiner:
    """Ann has asked for a code."""
    ann.read()
    ann.answer_all()
    ann.send("join_email", email=ann.email)
    return ann


def wrong(code: str) -> str:
    return "".join("B" if letter == "C" else "C" for letter in code)


@pytest.mark.parametrize("written", ["", "ann", "ann@", "ann@example"])
def test_what_is_no_address_is_asked_again(ann: Joiner, written: str) -> None:
    ann.read()
    ann.answer_all()
    page = text_of(ann.send("join_email", email=written))
    assert "Type your email address." in page or "It looks like name@example.org." in page
    assert (User.objects.count(), len(mail.outbox)) == (0, 0)


def test_an_address_in_capitals_is_the_same_address(asked: Joiner) -> None:
    asked.send("join_email", email="ANN@Example.org")
    assert User.objects.get().email == "ann@example.org"


def test_known_and_unknown_addresses_look_the_same(ann: Joiner, bob: Joiner) -> None:
    UserFactory(email=bob.email)
    pages = []
    for person in (ann, bob):
        person.read()
        person.answer_all()
        there = person.send("join_email", email=person.email)
        page = text_of(person.client.get(there["Location"]))
        pages.append((there.status_code, there["Location"], page.replace(person.email, "-")))
    assert pages[0] == pages[1]
    first, second = (re.sub(r"[A-Z]{4}-[A-Z]{4}", "-", str(each.body)) for each in mail.outbox)
    assert (first, mail.outbox[0].subject) == (second, mail.outbox[1].subject)


def test_a_wrong_code_says_so_and_the_right_one_works_after_it(asked: Joiner) -> None:
    code = newest_code(asked.email)
    page = asked.client.post(CONFIRM, {"code": wrong(code)})
    assert text_of(page).count("That code does not fit.") == 2
    assert asked.client.post(CONFIRM, {"code": code.lower().replace("-", "")}).status_code == 302
    assert asked.get("join_agreement").status_code == 200


def test_too_many_wrong_codes_lead_to_a_new_one(asked: Joiner) -> None:
    code = newest_code(asked.email)
    for _ in range(3):
        answer = asked.client.post(CONFIRM, {"code": wrong(code)}, follow=True)
    assert answer.request["PATH_INFO"] == asked.url("join_email")
    assert "That was too many tries" in text_of(answer)
    asked.client.post(CONFIRM, {"code": code})
    assert asked.get("join_agreement")["Location"] == asked.url("join_email")
    assert asked.sign_in()["Location"] == asked.url("join_agreement")


def test_an_expired_code_leads_to_a_new_one(asked: Joiner) -> None:
    code = newest_code(asked.email)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = asked.client.post(CONFIRM, {"code": code}, follow=True)
        assert answer.request["PATH_INFO"] == asked.url("join_email")
        assert "That code has expired" in text_of(answer)
        assert asked.sign_in()["Location"] == asked.url("join_agreement")


def test_a_code_for_another_address_does_not_fit(asked: Joiner, bob: Joiner) -> None:
    bob.read()
    bob.answer_all()
    bob.send("join_email", email=bob.email)
    answer = asked.client.post(CONFIRM, {"code": newest_code(bob.email)})
    assert "That code does not fit." in text_of(answer)


def test_of_two_tabs_the_newer_code_counts(asked: Joiner) -> None:
    first = newest_code(asked.email)
    asked.send("join_email", email="ann.other@example.org")
    assert "ann.other@example.org" in text_of(asked.client.get(CONFIRM))
    assert "That code does not fit" in text_of(asked.client.post(CONFIRM, {"code": first}))
    asked.client.post(CONFIRM, {"code": newest_code("ann.other@example.org")})
    assert User.objects.get(pk=asked.client.session["_auth_user_id"]).email == (
        "ann.other@example.org"
    )


def test_the_code_page_in_a_second_tab_leads_on_once_signed_in(asked: Joiner) -> None:
    code = newest_code(asked.email)
    address = f"{CONFIRM}?next={asked.url('join_agreement')}"
    asked.client.post(address, {"code": code})
    assert asked.client.post(address, {"code": code})["Location"] == asked.url("join_agreement")


def test_other_pages_opened_meanwhile_leave_the_code_waiting(asked: Joiner) -> None:
    asked.client.get(reverse("portal:help"))
    asked.get("join")
    assert asked.client.post(CONFIRM, {"code": newest_code(asked.email)}).status_code == 302
    assert asked.get("join_agreement").status_code == 200


def test_the_code_page_in_another_browser_says_that_none_is_waiting(db: None) -> None:
    answer = Client().get(CONFIRM, follow=True)
    assert answer.request["PATH_INFO"] == reverse("account_login")
    assert "No code is waiting in this browser." in text_of(answer)


def test_another_address_can_be_given_instead(asked: Joiner) -> None:
    answer = asked.client.post(reverse("portal:other_address"), follow=True)
    assert answer.request["PATH_INFO"] == asked.url("join_question", "adult")
    asked.answer_all()
    assert asked.get("join_email").status_code == 200


def test_following_an_address_forgets_no_code(asked: Joiner) -> None:
    asked.client.get(reverse("portal:other_address"))
    assert asked.client.post(CONFIRM, {"code": newest_code(asked.email)}).status_code == 302
    assert "_auth_user_id" in asked.client.session


def test_another_address_at_signing_in_leads_back_there(db: None) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "ann@example.org"})
    answer = client.post(reverse("portal:other_address"))
    assert answer["Location"] == reverse("account_login")
    assert client.get(reverse("account_login")).status_code == 200


def test_another_code_can_be_asked_for(asked: Joiner) -> None:
    asked.client.post(CONFIRM, {"action": "resend"})
    assert len(mail.outbox) == 2
    assert asked.client.post(CONFIRM, {"code": newest_code(asked.email)}).status_code == 302


def test_many_codes_in_a_minute_are_refused_with_a_sentence(asked: Joiner) -> None:
    for _ in range(3):
        page = asked.send("join_email", email=asked.email)
    assert "That was many codes in a short time." in text_of(page)
    assert len(mail.outbox) == 3


def test_a_mail_server_that_is_down_is_said_in_words(ann: Joiner, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    ann.read()
    ann.answer_all()
    answer = ann.client.post(ann.url("join_email"), {"email": ann.email}, follow=True)
    assert answer.request["PATH_INFO"] == ann.url("join_email")
    assert "We could not send the email just now." in text_of(answer)


def test_a_closed_account_is_told_nothing_here(ann: Joiner) -> None:
    UserFactory(email=ann.email, is_active=False)
    ann.read()
    ann.answer_all()
    assert ann.send("join_email", email=ann.email).status_code == 302
    assert "code" not in mail.outbox[0].subject
