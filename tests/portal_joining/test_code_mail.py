"""What the mails of signing in lead to, what may be written into them, and what is kept of a code."""

import json
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from portal import sign_in_codes
from studies.models import Study
from tests.factories.participants import UserFactory
from tests.portal_joining.walk import Joiner, newest_code
from tests.services.search_everywhere import places_of
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db
SIGN_IN, CONFIRM = reverse("account_login"), reverse("account_confirm_login_code")
NEW_ADDRESS, NEW_CODE = reverse("portal:address"), reverse("portal:address_code")
ELSEWHERE = "evil.example"


@pytest.fixture
def any_host(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


def everything_sent() -> str:
    return "".join(
        f"{each.message()}{each.body}{each.alternatives}{each.subject}" for each in mail.outbox
    )


@pytest.mark.usefixtures("any_host")
def test_whatever_host_a_request_names_mails_lead_here(ann: Joiner) -> None:
    ann.join()
    for host in (ELSEWHERE, f"testserver.{ELSEWHERE}", f"{ELSEWHERE}:8000"):
        for address in (ann.email, "nobody@example.org"):
            Client(headers={"host": host}).post(SIGN_IN, {"login": address})
        ann.client.post(NEW_ADDRESS, {"email": "ann@new.example"}, headers={"host": host})
    code = newest_code("ann@new.example")
    ann.client.post(NEW_CODE, {"code": code}, headers={"host": ELSEWHERE})
    subjects = {each.subject for each in mail.outbox}
    assert subjects == {
        "Your sign-in code",
        "Signing in",
        "A code for your new address",
        "Your address was changed",
    }
    assert ELSEWHERE not in everything_sent()
    assert all("http://testserver/help/" in str(each.body) for each in mail.outbox)


@pytest.mark.usefixtures("any_host")
def test_whatever_host_a_request_names_joining_leads_here(study: Study) -> None:
    joiner = Joiner(Client(headers={"host": ELSEWHERE}), study)
    joiner.join()
    assert ELSEWHERE not in everything_sent()


@pytest.mark.usefixtures("any_host")
def test_the_second_step_is_kept_under_our_own_name(db: None) -> None:
    client = Client(headers={"host": ELSEWHERE})
    client.force_login(UserFactory(staff=True))
    client.post(SIGN_IN)
    page = client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    assert ELSEWHERE not in page


@pytest.mark.usefixtures("any_host")
@pytest.mark.parametrize("address", ["/home/", "/join/four-weeks/day/", "/staff/", "/admin/"])
def test_nobody_is_led_to_the_host_that_a_request_names(study: Study, address: str) -> None:
    response = Client(headers={"host": ELSEWHERE}).get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/")
    assert ELSEWHERE not in response["Location"]


def test_help_stands_in_a_mail_with_a_code_as_in_every_other(ann: Joiner) -> None:
    ann.read()
    ann.answer_all()
    ann.send("join_email", email=ann.email)
    words = str(mail.outbox[0].body)
    assert "Samaritans: 116 123" in words
    assert "Samaritans: 116 123" in str(mail.outbox[0].alternatives)


@pytest.mark.parametrize("field", ["public_name", "neutral_name", "institution", "lead_name"])
def test_no_name_of_a_study_can_add_a_header(
    ann: Joiner, mail_over_smtp: SmtpSink, field: str
) -> None:
    evil = "Weekly\r\nBcc: everyone@example.org\r\n\r\nHello"
    Study.objects.filter(pk=ann.study.pk).update(**{field: evil})
    ann.study.refresh_from_db()
    ann.read()
    ann.answer_all()
    ann.send("join_email", email=ann.email)
    (sent,) = mail_over_smtp.received
    assert sent.rcpt_tos == [ann.email]
    assert sent.message["Bcc"] is None
    assert len(list(sent.message.iter_parts())) == 2


def test_a_code_is_mailed_and_kept_nowhere(ann: Joiner) -> None:
    ann.read()
    ann.answer_all()
    ann.send("join_email", email=ann.email)
    code = newest_code(ann.email)
    assert places_of(code, code.replace("-", "")) == []
    kept = json.dumps(ann.client.session["account_login"])
    assert sign_in_codes.digest_of(code) in kept
    assert ann.client.post(CONFIRM, {"code": code}).status_code == 302
    assert ann.get("join_agreement").status_code == 200


def test_nor_is_one_for_a_new_address_or_one_asked_for_again(ann: Joiner) -> None:
    ann.join()
    ann.client.post(NEW_ADDRESS, {"email": "ann@new.example"})
    codes = {newest_code("ann@new.example")}
    browser = Client()
    browser.post(SIGN_IN, {"login": ann.email})
    codes.add(newest_code(ann.email))
    browser.post(CONFIRM, {"action": "resend"})
    again = newest_code(ann.email)
    assert len(codes | {again}) == 3
    assert places_of(*codes, again) == []
    assert browser.post(CONFIRM, {"code": again}).status_code == 302
    assert browser.get("/home/").status_code == 200


@pytest.mark.parametrize("typed", ["", " ", "-", "ü", "\x00", "BCDF", "0" * 5000])
def test_what_is_no_code_never_fits_even_where_none_was_sent(typed: str) -> None:
    assert not sign_in_codes.fits(typed=typed, kept="")
    assert not sign_in_codes.fits(typed=typed, kept=sign_in_codes.digest_of("BCDF-GHJK"))


@pytest.mark.parametrize("typed", ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk "])
def test_a_code_fits_in_capitals_and_without_its_dash(typed: str) -> None:
    assert sign_in_codes.fits(typed=typed, kept=sign_in_codes.digest_of("BCDF-GHJK"))


def test_the_digest_that_is_kept_is_no_code(ann: Joiner) -> None:
    """Whoever reads the sessions cannot sign in by what stands there."""
    ann.read()
    ann.answer_all()
    ann.send("join_email", email=ann.email)
    state = json.dumps(ann.client.session["account_login"])
    kept = re.search(r'"code": "([0-9a-f]{40})"', state)
    assert kept is not None
    page = ann.client.post(CONFIRM, {"code": kept[1]})
    assert "That code does not fit." in page.content.decode()


def test_where_nobody_is_known_no_code_fits(db: None) -> None:
    browser = Client()
    browser.post(SIGN_IN, {"login": "nobody@example.org"})
    page = browser.post(CONFIRM, {"code": "BCDF-GHJK"})
    assert "That code does not fit." in page.content.decode()
