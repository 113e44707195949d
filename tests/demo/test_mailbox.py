"""The demonstration's mailbox: what would have been sent can be read, and nothing else can."""

from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.mail import EmailMultiAlternatives, send_mail
from django.test import Client

from demo import mailbox as reader
from demo.stories import RESEARCHER
from tests.factories.participants import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.demo.urls")]

BODY = "Open it: http://testserver/go/abc/\n<b>not bold</b>"
PAGE = '<p style="color: #123">Your session</p><script>alert(1)</script>'


@pytest.fixture
def mail(mailbox: Path) -> str:
    """The name of a mail with an HTML part."""
    message = EmailMultiAlternatives("Your Thursday session", BODY, to=["ann@demo.example"])
    message.attach_alternative(PAGE, "text/html")
    message.send()
    (file,) = mailbox.glob("*.eml")
    return file.stem


def _words(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_mailbox_says_what_brings_mail(client: Client, mailbox: Path) -> None:
    assert "No mail yet." in _words(client.get("/mail/"))


def test_a_mailbox_whose_folder_is_not_there_yet_is_empty(client: Client, mailbox: Path) -> None:
    mailbox.rmdir()
    assert "No mail yet." in _words(client.get("/mail/"))


def test_staff_read_their_second_code_beside_the_mails(client: Client, mailbox: Path) -> None:
    assert "the second code" not in _words(client.get("/mail/"))
    TOTP.activate(UserFactory(email=RESEARCHER), "JBSWY3DPEHPK3PXP")
    page = client.get("/mail/")
    (code,) = page.context["codes"]
    assert f"<strong>{code.now}</strong>" in _words(page)
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_the_list_shows_the_newest_first(client: Client, mailbox: Path) -> None:
    for subject in ("First", "Second", "Third"):
        send_mail(subject, "Words", None, ["ann@demo.example"])
    mails = client.get("/mail/").context["mails"]
    assert [(each.subject, each.to) for each in mails] == [
        ("Third", "ann@demo.example"),
        ("Second", "ann@demo.example"),
        ("First", "ann@demo.example"),
    ]
    assert all(each.written_at is not None for each in mails)


def test_the_list_shows_fifty_and_says_where_the_older_are(client: Client, mailbox: Path) -> None:
    for number in range(51):
        send_mail(f"Mail {number}", "Words", None, ["ann@demo.example"])
    page = client.get("/mail/")
    assert len(page.context["mails"]) == 50
    assert "These are the newest 50." in _words(page)


def test_a_mail_shows_its_words_with_links_and_without_markup(client: Client, mail: str) -> None:
    page = _words(client.get(f"/mail/{mail}/"))
    assert '<a href="http://testserver/go/abc/"' in page
    assert "&lt;b&gt;not bold&lt;/b&gt;" in page
    assert f"/mail/{mail}/page/" in page


def test_the_html_of_a_mail_may_be_styled_and_can_run_and_fetch_nothing(
    client: Client, mail: str
) -> None:
    page = client.get(f"/mail/{mail}/page/")
    assert PAGE in _words(page)
    assert sorted(page["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'none'",
        "manifest-src 'self'",
        "media-src 'self'",
        "script-src 'self'",
        "style-src 'unsafe-inline'",
    ]


def test_a_mail_of_words_alone_offers_no_page(client: Client, mailbox: Path) -> None:
    send_mail("A code", "ABCD-EFGH", None, ["ann@demo.example"])
    (file,) = mailbox.glob("*.eml")
    assert "/page/" not in _words(client.get(f"/mail/{file.stem}/"))


@pytest.mark.parametrize(
    "path", ["/mail/nothing/", "/mail/../secret/", "/mail/%2e%2e%2fsecret/", "/mail/nothing/page/"]
)
def test_there_is_no_mail_of_another_name(client: Client, mailbox: Path, path: str) -> None:
    (mailbox.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["../secret", "../mail/../secret", "/etc/secret", "nothing"])
def test_a_name_that_leads_out_of_the_folder_finds_nothing(mailbox: Path, name: str) -> None:
    (mailbox.parent / "secret.eml").write_text("Subject: secret\n\nsecret")
    assert reader.find(name) is None


@pytest.mark.urls("training_platform.urls")
def test_outside_the_demonstration_there_is_no_mailbox(client: Client, mail: str) -> None:
    for path in ("/mail/", f"/mail/{mail}/", f"/mail/{mail}/page/"):
        assert client.get(path).status_code == 404
