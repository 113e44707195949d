"""After a move to another address: the former one is told, and nothing can be deleted at once."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from participants.models import Enrolment, User
from tests.portal_joining.walk import Joiner, newest_code, text_of
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db
ADDRESS, CODE, DETAILS = (
    reverse(f"portal:{name}") for name in ("address", "address_code", "details")
)
LEAVE = reverse("portal:leave")


@pytest.fixture
def joined(ann: Joiner) -> Joiner:
    ann.join()
    return ann


def move(person: Joiner, email: str = "ann@new.example") -> object:
    person.client.post(ADDRESS, {"email": email})
    return person.client.post(CODE, {"code": newest_code(email)})


def sign_in(email: str) -> Client:
    browser = Client()
    asked = browser.post(reverse("account_login"), {"login": email})
    browser.post(asked["Location"], {"code": newest_code(email)})
    return browser


def test_the_former_address_is_told_and_not_where_to(joined: Joiner) -> None:
    move(joined)
    notice = mail.outbox[-1]
    assert (notice.to, notice.subject) == (["ann@example.org"], "Your address was changed")
    words = " ".join(str(notice.body).split())
    assert "If it was not you, please write to study@example.org soon." in words
    assert "new.example" not in words + str(notice.alternatives)


def test_nobody_is_told_of_a_change_that_did_not_happen(joined: Joiner, bob: Joiner) -> None:
    bob.join()
    sent = len(mail.outbox)
    move(joined, bob.email)
    assert [each.subject for each in mail.outbox[sent:]] == ["A code for your new address"]


def test_other_devices_are_signed_out_and_this_one_stays(joined: Joiner) -> None:
    elsewhere = sign_in(joined.email)
    assert elsewhere.get(DETAILS).status_code == 200
    move(joined)
    assert joined.client.get(DETAILS).status_code == 200
    assert elsewhere.get(DETAILS)["Location"] == f"{reverse('account_login')}?next={DETAILS}"


def test_a_code_sent_to_a_new_address_deletes_nothing_for_seven_days(joined: Joiner) -> None:
    move(joined)
    code = Enrolment.objects.get().code
    wish = {"level": "erasure", "confirm": "", "code": code}
    thief = sign_in("ann@new.example")
    page = text_of(thief.post(LEAVE, wish))
    assert "Deleting has to wait a few days" in page
    assert "write to study@example.org" in page
    assert Enrolment.objects.get().status == "active"
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        later = sign_in("ann@new.example")
        later.post(LEAVE, wish)
    assert Enrolment.objects.get().withdrawal == "erasure"


def test_one_may_stop_everything_at_once_all_the_same(joined: Joiner) -> None:
    move(joined)
    page = joined.client.post(LEAVE, {"level": "everything", "code": Enrolment.objects.get().code})
    assert "You stop everything." in text_of(page)


def test_a_former_mailbox_that_is_gone_stops_nothing(
    joined: Joiner, mail_over_smtp: SmtpSink
) -> None:
    mail_over_smtp.answer("RCPT", "550 5.1.1 Nobody here", to="ann@example.org")
    move_over(joined, mail_over_smtp)
    assert User.objects.get().email == "ann@new.example"


def test_a_notice_that_cannot_be_sent_now_changes_nothing(
    joined: Joiner, mail_over_smtp: SmtpSink
) -> None:
    mail_over_smtp.answer("RCPT", "450 4.2.1 Later", to="ann@example.org")
    answer = move_over(joined, mail_over_smtp)
    assert "We could not send the email just now." in text_of(answer)
    assert User.objects.get().email == "ann@example.org"
    assert Enrolment.objects.get().link_version == 1


def move_over(person: Joiner, sink: SmtpSink) -> object:
    person.client.post(ADDRESS, {"email": "ann@new.example"})
    letter = sink.wait_for(1)[-1].text()
    code = next(line for line in letter.splitlines() if len(line) == 9 and line[4] == "-")
    return person.client.post(CODE, {"code": code}, follow=True)


def test_the_log_holds_no_address(
    joined: Joiner, mail_over_smtp: SmtpSink, caplog: pytest.LogCaptureFixture
) -> None:
    mail_over_smtp.answer("RCPT", "550 5.1.1 <ann@new.example> unknown")
    with caplog.at_level(logging.INFO):
        page = joined.client.post(ADDRESS, {"email": "ann@new.example"}, follow=True)
    assert "We could not send the email just now." in text_of(page)
    assert "an account mail could not be sent: SMTPRecipientsRefused" in caplog.text
    assert "ann@new.example" not in caplog.text
