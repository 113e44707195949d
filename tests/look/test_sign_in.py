"""The pages and mails of signing in, in our own words."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = [pytest.mark.urls("tests.look.samples"), pytest.mark.django_db]


@pytest.fixture
def user():
    return get_user_model().objects.create_user("known@example.org")


def ask_for_a_code(client, address: str) -> str:
    page = client.post("/accounts/login/", {"login": address}, follow=True)
    return page.content.decode()


def test_signing_in_asks_for_an_address_and_no_password(client):
    html = client.get("/accounts/login/").content.decode()
    assert "We email you a code. There is no password." in html
    assert html.count('type="email"') == 1
    assert 'type="password"' not in html


def test_a_known_and_an_unknown_address_see_the_same_page(client, user):
    known = ask_for_a_code(client, "known@example.org")
    client.logout()
    unknown = ask_for_a_code(client, "stranger@example.org")
    assert "Look in your email" in known
    assert without_token(unknown).replace("stranger@", "known@") == without_token(known)


def without_token(html: str) -> str:
    return "\n".join(line for line in html.split("\n") if "csrfmiddlewaretoken" not in line)


def test_the_code_can_be_pasted_and_filled_in_by_the_device(client, user):
    html = ask_for_a_code(client, "known@example.org")
    assert 'autocomplete="one-time-code"' in html
    assert "No mail after two minutes? Look in the spam folder" in html


def test_a_wrong_code_says_so_beside_the_field_and_at_the_top(client, user):
    ask_for_a_code(client, "known@example.org")
    html = client.post("/accounts/login/code/confirm/", {"code": "WRONG"}).content.decode()
    assert '<div class="problems narrow" role="alert"' in html
    assert 'aria-describedby="id_code_helptext id_code_error"' in html


def test_the_code_is_in_the_mail_and_not_in_its_subject(client, user, mailoutbox):
    ask_for_a_code(client, "known@example.org")
    [mail] = mailoutbox
    code = next(line for line in mail.body.split("\n") if line and line == line.upper())
    assert mail.subject == "Your sign-in code"
    assert code in mail.alternatives[0].content
    assert "http://testserver/help/" in mail.body


def test_an_unknown_address_is_told_by_mail_alone(client, mailoutbox):
    ask_for_a_code(client, "stranger@example.org")
    [mail] = mailoutbox
    assert mail.subject == "Signing in"
    assert "There is no account with this address here" in " ".join(mail.body.split())


def test_signing_in_shows_no_address_on_a_shared_screen(client, user, mailoutbox):
    ask_for_a_code(client, "known@example.org")
    code = next(line for line in mailoutbox[0].body.split("\n") if line and line == line.upper())
    page = client.post("/accounts/login/code/confirm/", {"code": code}, follow=True)
    assert page.status_code == 200
    assert "known@example.org" not in page.content.decode()
