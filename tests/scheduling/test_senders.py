"""A stopped sender, and refusals that several senders hear."""

import itertools
from collections import deque
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from scheduling import delivery
from scheduling.delivery import Report
from scheduling.models import MailSender, Prompt
from scheduling.outcomes import Outcome
from scheduling.taking import Taker
from scheduling.transport import Phase, Refused
from tests.factories.scheduling import MONDAY, PromptFactory
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db

THURSDAY = datetime.fromisoformat("2026-01-08T19:00:30+00:00")


def run(at: datetime) -> Report:
    return delivery.run(clock=lambda: at, limit=50)


def test_a_wrong_password_for_an_hour_fails_no_row_and_all_go_in_due_order(
    mail_over_smtp: SmtpSink, settings: Settings
) -> None:
    minutes = [7, 0, 55, 31, 12, 44]
    rows = {each: PromptFactory(due_at=MONDAY + timedelta(minutes=each)) for each in minutes}
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    mail_over_smtp.answer("AUTH", "535 5.7.8 Wrong password")
    for minute in range(60):
        assert run(MONDAY + timedelta(minutes=minute)).sent == 0
        sender = MailSender.objects.get()
        assert (sender.stopped_at, sender.reason) == (MONDAY, "AUTH 535 5.7.8")
    assert set(Prompt.objects.values_list("state", "sent_at")) == {("planned", None)}
    assert all(each.next_attempt_at == each.due_at for each in Prompt.objects.all())
    mail_over_smtp.reset()
    assert run(MONDAY + timedelta(minutes=65)).sent == 6
    assert [each.rcpt_tos[0] for each in mail_over_smtp.received] == [
        rows[minute].enrolment.user.email for minute in sorted(minutes)
    ]
    assert MailSender.objects.get().stopped_at is None


REFUSED = Refused(Phase.DOT, 554, b"5.7.1 Spam")


def settle_in_turn(*errors: Refused | None) -> list[str]:
    """Two senders take turns, each with one mail in flight, and hear these answers in this order."""
    for _each in range(len(errors) + 2):
        PromptFactory(due_at=MONDAY)
    takers = itertools.cycle([Taker(), Taker()])
    flying = deque(
        (taker, taker.next_step(settling=None, now=MONDAY))
        for taker in (next(takers), next(takers))
    )
    for error in errors:
        taker, step = flying.popleft()
        if step is None:
            break
        outcome = Outcome(prompt=step.prompt, error=error, at=MONDAY)
        flying.append((taker, taker.next_step(settling=outcome, now=MONDAY)))
    return list(
        MailSender.objects.filter(stopped_at__isnull=False).values_list("reason", flat=True)
    )


def test_refusals_in_a_row_are_counted_over_all_senders(db) -> None:
    assert settle_in_turn(None, REFUSED, REFUSED, REFUSED) == ["refused: DOT 554 5.7.1"]


def test_a_success_of_one_sender_ends_the_row_of_all(db) -> None:
    assert settle_in_turn(REFUSED, REFUSED, None, REFUSED, REFUSED, None, REFUSED) == []


def test_an_address_that_no_server_could_be_told_fails_alone(mail_over_smtp: SmtpSink) -> None:
    """Signing up refuses them; one that is there all the same is a wrong address like others."""
    wrong = PromptFactory(due_at=MONDAY, enrolment__user__email="grüße@example.org")
    right = PromptFactory(due_at=MONDAY)
    assert run(MONDAY).sent == 1
    wrong.refresh_from_db()
    assert (wrong.state, wrong.reason) == ("failed", "address_refused")
    assert [each.rcpt_tos for each in mail_over_smtp.received] == [[right.enrolment.user.email]]
    wrong.enrolment.user.refresh_from_db()
    assert wrong.enrolment.user.address_failed_at == MONDAY
    assert not MailSender.objects.filter(stopped_at__isnull=False).exists()
