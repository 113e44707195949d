"""The mail server is what is broken."""

from time import monotonic

import pytest

from scheduling import alarm, alarm_mail, sender
from scheduling.models import MailSender
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory
from tests.factories.studies import StudyFactory
from tests.scheduling.alarm.steps import DAY, RED, WELL, minutes, stop, subjects
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def test_a_server_that_takes_no_alarm_either_is_told_of_once_it_does(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    mail_over_smtp.answer("MAIL", "451 4.3.0 Try later")
    stop()
    minutes(0, 60)
    assert subjects(mail_over_smtp) == []
    mail_over_smtp.reset()
    sender.resume()
    minutes(61, 90)
    assert subjects(mail_over_smtp) == [WELL]


def test_an_alarm_that_could_not_be_mailed_is_tried_again_while_it_lasts(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    mail_over_smtp.answer("MAIL", "451 4.3.0 Try later", times=1)
    stop()
    minutes(0, 9)
    assert subjects(mail_over_smtp) == []
    minutes(10, 30)
    assert subjects(mail_over_smtp) == [RED]


def test_news_of_yesterday_is_told_no_more(study: Study, mail_over_smtp: SmtpSink) -> None:
    stop()
    minutes(0, 10)
    mail_over_smtp.answer("MAIL", "451 4.3.0 Try later")
    sender.resume()
    minutes(11, 20)
    mail_over_smtp.reset()
    alarm.look(now=MONDAY + 2 * DAY)
    assert WELL not in subjects(mail_over_smtp)


PHASES = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"]


def test_a_mail_whose_answer_is_missing_counts_as_told(
    study: Study, mail_over_smtp: SmtpSink, a_second: None
) -> None:
    mail_over_smtp.delay("DOT", 1.2)
    stop()
    minutes(0, 5)
    mail_over_smtp.forgive()
    minutes(6, 90)
    assert subjects(mail_over_smtp) == [RED]
    sender.resume()
    minutes(91, 120)
    assert subjects(mail_over_smtp) == [RED, WELL]


def test_one_that_is_refused_at_the_very_end_does_not(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    mail_over_smtp.answer("DOT", "451 4.7.1 Greylisted", times=1)
    stop()
    minutes(0, 9)
    assert subjects(mail_over_smtp) == []
    minutes(10, 30)
    assert subjects(mail_over_smtp) == [RED]


def test_a_mail_server_that_is_slow_at_each_step_has_one_limit_for_all(
    study: Study, mail_over_smtp: SmtpSink, a_second: None
) -> None:
    for phase in PHASES:
        mail_over_smtp.delay(phase, 0.8)
    stop()
    minutes(0, 4)
    began = monotonic()
    minutes(5, 5)
    assert monotonic() - began < 1.5


def test_telling_many_begins_no_further_mail_when_its_time_is_over(
    study: Study, mail_over_smtp: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarm_mail, "_SECONDS", 0.1)
    for number in range(4):
        more = StudyFactory(contact_email=f"team{number}@example.ac.uk")
        PromptFactory(enrolment__study=more, due_at=MONDAY + 30 * DAY)
    mail_over_smtp.delay("DOT", 0.2)
    stop()
    minutes(0, 5)
    assert len(mail_over_smtp.received) == 1
    minutes(6, 9)
    assert len(mail_over_smtp.received) == 5


@pytest.mark.slow
def test_a_mail_server_that_hangs_does_not_hold_it_up_for_long(
    study: Study, mail_over_smtp: SmtpSink, a_second: None
) -> None:
    other = StudyFactory(contact_email="other@example.ac.uk")
    PromptFactory(enrolment__study=other, due_at=MONDAY + 30 * DAY)
    mail_over_smtp.delay("CONNECT", 4)
    stop()
    minutes(0, 4)
    began = monotonic()
    minutes(5, 5)
    assert monotonic() - began < 3
    assert MailSender.objects.get().reason == "AUTH 535 5.7.8"
