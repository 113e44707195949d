"""What the watch over the mail sees."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from scheduling import housekeeping, prompts, watch
from scheduling.models import Alarm, AlarmMail, Heartbeat, MailSender, Prompt
from scheduling.watch import Fault, Queue
from tests.factories.scheduling import MONDAY, PromptFactory, WordingFactory

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def ticking() -> None:
    housekeeping.beat(now=timezone.now())


def test_all_is_well() -> None:
    PromptFactory(due_at=timezone.now() - 4 * MINUTE)
    PromptFactory(due_at=timezone.now() + MINUTE)
    assert watch.mail_health(timezone.now()).is_well


def test_a_prompt_five_minutes_late_and_never_tried_is_told() -> None:
    late = timezone.now() - 6 * MINUTE
    PromptFactory(due_at=late)
    health = watch.mail_health(timezone.now())
    assert (health.due_not_sent, health.oldest_due_at, health.is_well) == (1, late, False)


def test_a_prompt_that_waits_to_be_tried_again_is_no_alarm() -> None:
    late = timezone.now() - 6 * MINUTE
    PromptFactory(due_at=late, attempts=1, reason="busy", next_attempt_at=late + 10 * MINUTE)
    assert watch.mail_health(timezone.now()).is_well


def test_a_prompt_that_cannot_be_written_is() -> None:
    late = timezone.now() - 6 * MINUTE
    again = late + 60 * MINUTE
    PromptFactory(due_at=late, attempts=3, reason="unrenderable", next_attempt_at=again)
    assert watch.mail_health(timezone.now()).due_not_sent == 1


def test_a_tick_that_stopped_is_told() -> None:
    Heartbeat.objects.update(beat_at=timezone.now() - 4 * MINUTE)
    health = watch.mail_health(timezone.now())
    assert (health.is_ticking, health.is_well) == (False, False)
    Heartbeat.objects.all().delete()
    assert not watch.mail_health(timezone.now()).is_well


def test_a_stopped_sender_is_told_with_its_reason() -> None:
    stopped = timezone.now()
    MailSender.objects.create(pk=1, stopped_at=stopped, reason="AUTH 535 5.7.8")
    health = watch.mail_health(timezone.now())
    assert (health.stopped_at, health.reason) == (stopped, "AUTH 535 5.7.8")
    assert not health.is_well


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no clock of its own")
def test_clocks_that_differ_are_told() -> None:
    assert connection.vendor == "postgresql"
    ahead = timezone.now() + timedelta(seconds=7)
    housekeeping.beat(now=ahead)
    health = watch.mail_health(ahead)
    assert health.clock_difference < timedelta(seconds=-5)
    assert not health.is_well


def test_each_fault_says_since_when() -> None:
    now = timezone.now()
    PromptFactory(due_at=now - 12 * MINUTE)
    Heartbeat.objects.update(beat_at=now - 9 * MINUTE)
    MailSender.objects.create(pk=1, stopped_at=now - 8 * MINUTE, reason="CONNECT lost")
    health = watch.mail_health(now)
    assert health.faults == {
        Fault.OVERDUE: now - 7 * MINUTE,
        Fault.SILENT: now - 6 * MINUTE,
        Fault.STOPPED: now - 8 * MINUTE,
    }
    assert health.red_since == now - 8 * MINUTE


def test_a_platform_that_never_ticked_is_not_well_and_has_no_fault() -> None:
    Heartbeat.objects.all().delete()
    health = watch.mail_health(timezone.now())
    assert (health.is_well, health.faults, health.red_since) == (False, {}, None)


def test_the_queue_is_counted() -> None:
    now = timezone.now()
    first = PromptFactory(due_at=now - 3 * MINUTE)
    study = first.enrolment.study
    common = {"enrolment__study": study}
    PromptFactory(due_at=now - MINUTE, **common)
    PromptFactory(due_at=now - 2 * MINUTE, attempts=1, **common)
    PromptFactory(due_at=now - MINUTE, next_attempt_at=now + MINUTE, attempts=2, **common)
    PromptFactory(due_at=now + MINUTE, **common)
    wording = WordingFactory(study=study, kind="consent_copy")
    for number in range(3):
        prompt = PromptFactory(due_at=now, **common)
        prompts.begin(prompt, wording=wording, message_id=f"<{number}@x>", now=now)
        if number:
            prompts.unconfirmed(prompt, reason=Prompt.Reason.STUCK)
    assert watch.queue(now) == Queue(
        due=3,
        oldest_due_at=now - 3 * MINUTE,
        waiting=1,
        in_flight=1,
        unconfirmed=2,
    )


def test_an_empty_queue_is_counted() -> None:
    assert watch.queue(timezone.now()) == Queue(
        due=0, oldest_due_at=None, waiting=0, in_flight=0, unconfirmed=0
    )


def test_there_is_one_open_alarm_at_a_time() -> None:
    times = {"began_at": MONDAY, "raised_at": MONDAY}
    Alarm.objects.create(cleared_at=MONDAY, **times)
    Alarm.objects.create(cleared_at=MONDAY, **times)
    Alarm.objects.create(**times)
    with pytest.raises(IntegrityError):
        Alarm.objects.bulk_create([Alarm(**times)])


def test_an_address_is_told_one_thing_once() -> None:
    raised = Alarm.objects.create(began_at=MONDAY, raised_at=MONDAY)
    mail = {"alarm": raised, "says": "red", "made_at": MONDAY, "next_try_at": MONDAY}
    AlarmMail.objects.create(address="team@example.ac.uk", **mail)
    with pytest.raises(IntegrityError):
        AlarmMail.objects.bulk_create([AlarmMail(address="team@example.ac.uk", **mail)])
