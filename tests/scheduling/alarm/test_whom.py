"""Who is told of an alarm."""

import pytest

from scheduling import sender
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory
from tests.factories.studies import StudyFactory
from tests.scheduling.alarm.steps import DAY, RED, minutes, stop, subjects
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_a_study_that_is_not_open_is_not_told(
    study: Study, mail_over_smtp: SmtpSink, state: str
) -> None:
    Study.objects.update(state=state)
    stop()
    minutes(0, 30)
    assert subjects(mail_over_smtp) == []


def test_a_study_with_nobody_ahead_of_it_is_not_told(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    StudyFactory(contact_email="later@example.ac.uk")
    gone = StudyFactory(contact_email="gone@example.ac.uk")
    PromptFactory(enrolment__study=gone, state="skipped", settled_at=MONDAY - DAY)
    stop()
    minutes(0, 30)
    assert subjects(mail_over_smtp) == [RED]


def test_studies_with_one_contact_are_told_of_in_one_mail(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    second = StudyFactory(contact_email="Team@example.ac.uk", neutral_name="The evening course")
    PromptFactory(enrolment__study=second, due_at=MONDAY + 30 * DAY)
    stop()
    minutes(0, 30)
    assert subjects(mail_over_smtp) == [RED]
    assert "the people of Four weeks, The evening course is" in mail_over_smtp.received[0].text()


def test_one_address_that_is_refused_does_not_keep_it_from_the_others(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    other = StudyFactory(contact_email="other@example.ac.uk", neutral_name="Other")
    PromptFactory(enrolment__study=other, due_at=MONDAY + 30 * DAY)
    mail_over_smtp.answer("RCPT", "550 5.1.1 Nobody here", to="team@example.ac.uk")
    stop()
    minutes(0, 30)
    assert subjects(mail_over_smtp) == [("other@example.ac.uk", "Mail is not going out: Other")]


def test_a_contact_that_changes_meanwhile_is_not_told_of_what_it_knows_nothing(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    stop()
    minutes(0, 10)
    Study.objects.filter(pk=study.pk).update(contact_email="new@example.ac.uk")
    sender.resume()
    minutes(11, 40)
    assert subjects(mail_over_smtp) == [RED]
