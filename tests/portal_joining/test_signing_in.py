"""Signing in: every sentence is ours, and nothing is lost by a slip."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from participants.models import User
from tests.factories.participants import UserFactory
from tests.factories.scheduling import enrolled
from tests.portal_joining.walk import Joiner, newest_code, text_of

pytestmark = pytest.mark.django_db
LOGIN, CONFIRM = reverse("account_login"), reverse("account_confirm_login_code")
SECOND_STEP = [
    reverse(f"mfa_{name}")
    for name in (
        "index", "reauthenticate", "activate_totp", "deactivate_totp", "view_recovery_codes",
        "generate_recovery_codes", "download_recovery_codes",
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "Type your email address."),
        ("ann", "Check the address. It looks like name@example.org."),
        ("ann@example.org\0", "Something in this is no text. Please type it once more."),
    ],
)
def test_what_is_no_address_is_asked_again_in_our_words(
    client: Client, written: str, words: str
) -> None:
    page = client.post(LOGIN, {"login": written})
    assert text_of(page).count(words) == 2
    assert len(mail.outbox) == 0


def test_too_long_an_address_is_said_so(ann: Joiner) -> None:
    ann.read()
    ann.answer_all()
    page = ann.send("join_email", email=f"{'a' * 250}@example.org")
    assert "That address is too long. Check it, or use another one." in text_of(page)


def test_what_is_no_text_is_asked_again_in_our_words(ann: Joiner) -> None:
    words = "Something in this is no text. Please type it once more."
    ann.reach_agreement()
    assert words in text_of(ann.agree(typed_name="Ann\0Demo"))
    ann.agree()
    assert words in text_of(ann.send("join_about", gender_own_words="A\0"))


def test_an_empty_code_is_no_try_and_the_address_stays(client: Client) -> None:
    person = UserFactory()
    client.post(LOGIN, {"login": person.email})
    for _ in range(5):
        page = client.post(CONFIRM, {"code": " "})
        assert text_of(page).count("Type the code from the email.") == 2
        assert person.email in text_of(page)
    assert client.post(CONFIRM, {"code": newest_code(person.email)}).status_code == 302
    assert "_auth_user_id" in client.session


def test_what_is_no_text_is_no_code(client: Client) -> None:
    person = UserFactory()
    client.post(LOGIN, {"login": person.email})
    page = client.post(CONFIRM, {"code": "BBBB\0BBB"})
    assert "Something in this is no text." in text_of(page)


def test_many_sign_ins_from_one_place_are_told_to_wait_and_nothing_of_a_code(db: None) -> None:
    for number in range(21):
        page = Client().post(LOGIN, {"login": f"someone-{number}@example.org"})
    assert "That was many codes in a short time. Please wait" in text_of(page)
    assert "no longer works" not in text_of(page)


def test_very_many_are_told_so_on_a_page_of_ours(client: Client) -> None:
    for _ in range(31):
        page = client.post(LOGIN, {"login": ""})
    assert page.status_code == 429
    assert "In a minute it works again." in text_of(page)


@pytest.mark.parametrize("page", SECOND_STEP)
def test_the_second_step_is_for_staff_alone(client: Client, study: Any, page: str) -> None:
    assert client.get(page)["Location"].startswith(LOGIN)
    client.force_login(enrolled(study=study).user)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("page", SECOND_STEP[:1] + SECOND_STEP[2:3])
def test_staff_find_the_second_step_and_no_browser_keeps_it(
    client: Client, study: Any, page: str
) -> None:
    for staff in (UserFactory(staff=True), UserFactory(researcher_of=study)):
        client.force_login(staff)
        answer = client.get(page)
        assert answer.status_code in {200, 302}
        assert "no-store" in answer["Cache-Control"]


def test_the_second_step_lets_in_nobody_who_has_not_begun_to_sign_in(client: Client) -> None:
    answer = client.get(reverse("mfa_authenticate"))
    assert answer["Location"] == LOGIN
    assert User.objects.count() == 0
