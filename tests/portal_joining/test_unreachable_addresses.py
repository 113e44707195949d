"""Addresses that our mail cannot reach are refused beside the field, wherever one is written."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from participants.models import User
from tests.factories.participants import UserFactory
from tests.portal_joining.walk import Joiner, newest_code, text_of
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db

LETTERS = "Our emails cannot reach an address with letters like é or ü before the @."
MARKS = "Our emails cannot reach an address with spaces or quotation marks before the @."
CHECK = "Check the address. It looks like name@example.org."
LONG = "That address is too long. Check it, or use another one."
REFUSED = {
    "müller@example.org": LETTERS,
    "анна@example.org": LETTERS,
    "\u212aim@example.org": LETTERS,  # the sign of Kelvin, which in small letters is a k
    "ann\u200b@example.org": LETTERS,
    '"ann lee"@example.org': MARKS,
    "ann lee@example.org": MARKS,
    '"ann"@example.org': MARKS,
    ".ann@example.org": CHECK,
    "ann.@example.org": CHECK,
    "ann..lee@example.org": CHECK,
    "ann@lee@example.org": CHECK,
    "ann@[127.0.0.1]": CHECK,
    "ann@-example.org": CHECK,
    "ann@straße.example": CHECK,
    "ann@ｅxample.org": CHECK,
    "ann@exa mple.org": CHECK,
    "ann@example.org>": CHECK,
    "ann@example.org\r\nBcc: all@example.org": MARKS,
    "a" * 65 + "@example.org": LONG,
}
SIGN_IN = reverse("account_login")
NEW_ADDRESS = reverse("portal:address")


@pytest.mark.parametrize(("written", "said"), REFUSED.items())
def test_joining_with_it_says_what_to_do(ann: Joiner, written: str, said: str) -> None:
    ann.read()
    ann.answer_all()
    page = ann.send("join_email", email=written)
    assert text_of(page).count(said) == 2  # above, and beside the field
    assert 'aria-invalid="true"' in page.content.decode()
    assert (User.objects.count(), mail.outbox) == (0, [])


@pytest.mark.parametrize(("written", "said"), REFUSED.items())
def test_signing_in_with_it_says_what_to_do(db: None, written: str, said: str) -> None:
    page = Client().post(SIGN_IN, {"login": written})
    assert text_of(page).count(said) == 2
    assert mail.outbox == []


@pytest.mark.parametrize(("written", "said"), REFUSED.items())
def test_moving_to_it_says_what_to_do(ann: Joiner, written: str, said: str) -> None:
    ann.join()
    sent = len(mail.outbox)
    assert text_of(ann.client.post(NEW_ADDRESS, {"email": written})).count(said) == 2
    assert len(mail.outbox) == sent


def test_a_letter_that_turns_into_another_brings_no_code_to_another_mailbox(db: None) -> None:
    """U+212A in small letters is k: it would find Kim's account, and write to another's mailbox."""
    UserFactory(email="kim@example.org")
    Client().post(SIGN_IN, {"login": "\u212aim@example.org"})
    assert mail.outbox == []


@pytest.mark.parametrize(
    "address",
    ["o'neil+four.weeks@example.org", "a_b-c=d@sub.example.org", "1@xn--bcher-kva.example"],
)
def test_addresses_that_only_look_odd_are_welcome(ann: Joiner, address: str) -> None:
    ann.email = address
    ann.reach_agreement()
    assert ann.get("join_agreement").status_code == 200
    mail.outbox.clear()
    Client().post(SIGN_IN, {"login": address})
    assert newest_code(address)


def test_a_domain_in_other_letters_is_reached_in_its_ascii_form(
    ann: Joiner, mail_over_smtp: SmtpSink
) -> None:
    ann.read()
    ann.answer_all()
    ann.send("join_email", email="Ann@Bücher.Example")
    (sent,) = mail_over_smtp.received
    assert sent.rcpt_tos == ["ann@xn--bcher-kva.example"]
    assert sent.message["To"] == "ann@xn--bcher-kva.example"
    assert User.objects.get().email == "ann@bücher.example"


def test_one_moves_to_a_domain_in_other_letters_and_signs_in_there(ann: Joiner) -> None:
    ann.join()
    ann.client.post(NEW_ADDRESS, {"email": "ann@bücher.example"})
    ann.client.post(reverse("portal:address_code"), {"code": newest_code("ann@bücher.example")})
    assert User.objects.get().email == "ann@bücher.example"
    browser = Client()
    asked = browser.post(SIGN_IN, {"login": "ANN@BÜCHER.EXAMPLE"})
    browser.post(asked["Location"], {"code": newest_code("ann@bücher.example")})
    assert browser.get("/home/").status_code == 200
