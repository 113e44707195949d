"""One mail to the study's contact when mail stands still, and one when it goes again."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from scheduling import alarm, housekeeping, sender, watch
from scheduling.models import Alarm, Heartbeat
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory
from tests.factories.studies import StudyFactory
from tests.scheduling.alarm.steps import DAY, MINUTE, RED, WELL, go, minutes, stop, subjects
from tests.scheduling.refusals import refuse
from tests.scheduling.test_races import at_once
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def test_a_sender_that_stands_still_for_five_minutes_is_told_once(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    stop()
    minutes(0, 4)
    assert subjects(mail_over_smtp) == []
    minutes(5, 90)
    assert subjects(mail_over_smtp) == [RED]


def test_one_mail_says_when_all_is_well_again(study: Study, mail_over_smtp: SmtpSink) -> None:
    stop()
    minutes(0, 40)
    sender.resume()
    minutes(41, 45)
    assert subjects(mail_over_smtp) == [RED]
    minutes(46, 90)
    assert subjects(mail_over_smtp) == [RED, WELL]
    assert list(Alarm.objects.open()) == []


def test_what_is_over_within_five_minutes_is_not_told(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    stop()
    minutes(0, 3)
    sender.resume()
    minutes(4, 30)
    assert subjects(mail_over_smtp) == []
    assert not Alarm.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_of_six_who_notice_at_once_one_tells(study: Study, mail_over_smtp: SmtpSink) -> None:
    def six(minute: int) -> None:
        at_once(*[lambda: alarm.look(now=MONDAY + minute * MINUTE)] * 6)

    stop()
    for minute in (0, 5, 6):
        six(minute)
        housekeeping.beat(now=MONDAY + minute * MINUTE)
    assert subjects(mail_over_smtp) == [RED]
    sender.resume()
    for minute in (7, 12, 13):
        housekeeping.beat(now=MONDAY + minute * MINUTE)
        six(minute)
    assert subjects(mail_over_smtp) == [RED, WELL]
    assert Alarm.objects.count() == 1


# Of restarts, and of what was never started


def test_a_deployment_that_takes_six_minutes_is_not_told(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    late = PromptFactory(enrolment__study=study, due_at=MONDAY)
    minutes(6, 6)  # Nothing ticked for six minutes, and a mail is six minutes late.
    go(late, at=MONDAY + 6 * MINUTE)
    minutes(7, 60)
    assert subjects(mail_over_smtp) == []


def test_a_time_without_ticks_is_told_later_to_those_whose_mails_were_late(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    unharmed = StudyFactory(contact_email="other@example.ac.uk")
    PromptFactory(enrolment__study=unharmed, due_at=MONDAY + 30 * DAY)
    late = PromptFactory(enrolment__study=study, due_at=MONDAY + 60 * MINUTE)
    minutes(180, 180)
    go(late, at=MONDAY + 180 * MINUTE)
    minutes(181, 200)
    assert subjects(mail_over_smtp) == [WELL]
    text = mail_over_smtp.received[0].text()
    assert "from Mon 5 Jan, 18:03 to Mon 5 Jan, 21:01, Asia/Tokyo time" in text
    assert "The sender was not running." in text
    assert "- 1 was late.\n" in text


def test_a_dead_tick_is_told_by_whoever_else_looks(study: Study, mail_over_smtp: SmtpSink) -> None:
    minutes(0, 7, beating=False)
    assert subjects(mail_over_smtp) == []
    minutes(8, 30, beating=False)
    assert subjects(mail_over_smtp) == [RED]
    assert "- The sender last ran on Mon 5 Jan, 18:00.\n" in mail_over_smtp.received[0].text()


def test_a_platform_that_was_never_started_alarms_nobody(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    Heartbeat.objects.all().delete()
    minutes(0, 60, beating=False)
    assert subjects(mail_over_smtp) == []


def test_unless_mail_is_due_by_then(study: Study, mail_over_smtp: SmtpSink) -> None:
    Heartbeat.objects.all().delete()
    PromptFactory(enrolment__study=study, due_at=MONDAY)
    minutes(0, 60, beating=False)
    assert subjects(mail_over_smtp) == [RED]


def test_an_alarm_that_cannot_be_written_down_holds_nothing_up(
    study: Study, mail_over_smtp: SmtpSink, caplog
) -> None:
    refuse("1 = 1", model="scheduling.Alarm", operation="INSERT")
    stop()
    minutes(0, 5)
    assert set(caplog.messages[1:]) == {"noticing an alarm failed: IntegrityError"}
    sender.resume()
    due = PromptFactory(enrolment__study=study, due_at=timezone.now())
    call_command("send_due")
    assert due.enrolment.user.email in [each.rcpt_tos[0] for each in mail_over_smtp.received]


def test_a_round_of_send_due_notices_then_beats_then_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else whoever looks would take it for dead while the mail server takes its time."""
    housekeeping.beat(now=timezone.now() - timedelta(hours=1))
    found: list[tuple[str, bool]] = []

    def tell(*, now: datetime) -> None:
        found.append((Alarm.objects.get().reason, watch.mail_health(now).is_ticking))

    monkeypatch.setattr(alarm, "tell", tell)
    call_command("send_due")
    assert found == [("silent", True)]
