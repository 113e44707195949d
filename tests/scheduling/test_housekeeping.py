"""What each tick puts in order, and what watches over the tick."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as Visit
from django.utils import timezone

from participants.models import User
from scheduling import (
    housekeeping,
    missed,
    outcomes,
    prompts,
    services,
    taking,
    tasks,
    watch,
)
from scheduling.mail import Letter
from scheduling.models import Alarm, AlarmMail, Bookmark, Heartbeat, MailSender, Prompt, Rhythm
from scheduling.outcomes import Outcome
from scheduling.transport import Envelope, Lost, Phase, Refused
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY, PromptFactory, WordingFactory, enrolled
from tests.scheduling.lives import live, row, told
from tests.scheduling.refusals import refuse

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def sending(since=MONDAY) -> Prompt:
    wording = WordingFactory(kind="consent_copy")
    prompt = PromptFactory(enrolment__study=wording.study)
    prompts.begin(prompt, wording=wording, message_id="<1@x>", now=since)
    return prompt


def test_a_row_ten_minutes_in_sending_is_unconfirmed() -> None:
    prompt = sending()
    assert housekeeping.give_up_stuck(now=MONDAY + 10 * MINUTE) == 0
    assert housekeeping.give_up_stuck(now=MONDAY + 11 * MINUTE) == 1
    assert told(prompt) == "unconfirmed stuck"


def test_a_worker_that_comes_late_with_good_news_settles_it() -> None:
    prompt = sending()
    housekeeping.give_up_stuck(now=MONDAY + 11 * MINUTE)
    outcomes.settle(Outcome(prompt=prompt, error=None, at=MONDAY + 12 * MINUTE))
    assert told(prompt) == "sent"


def test_a_worker_that_comes_late_with_bad_news_changes_nothing() -> None:
    prompt = sending()
    housekeeping.give_up_stuck(now=MONDAY + 11 * MINUTE)
    outcomes.settle(Outcome(prompt=prompt, error=Lost(Phase.RCPT), at=MONDAY + 12 * MINUTE))
    assert told(prompt) == "unconfirmed stuck"


@pytest.mark.parametrize(
    ("error", "stopped"),
    [(Lost(Phase.CONNECT), "CONNECT lost"), (Refused(Phase.DOT, 554, b"5.7.1 Spam"), "refused")],
)
def test_what_a_late_worker_learned_of_the_server_counts_all_the_same(error, stopped: str) -> None:
    MailSender.objects.create(pk=1, refusal="DOT 554 5.7.1", refusals=2)
    prompt = sending()
    housekeeping.give_up_stuck(now=MONDAY + 11 * MINUTE)
    outcomes.settle(Outcome(prompt=prompt, error=error, at=MONDAY + 12 * MINUTE))
    assert MailSender.objects.get().reason.startswith(stopped)
    assert told(prompt) == "unconfirmed stuck"


def test_a_mail_whose_reader_was_quicker_ends_a_row_of_refusals() -> None:
    MailSender.objects.create(pk=1, refusal="DOT 554 5.7.1", refusals=2)
    prompt = sending()
    prompts.unconfirmed(prompt, reason=Prompt.Reason.STUCK)
    prompts.settle_by_link(prompt, now=MONDAY + MINUTE)
    taking.settle_last(Outcome(prompt=prompt, error=None, at=MONDAY + 12 * MINUTE))
    assert MailSender.objects.get().refusals == 0


def test_a_reader_who_was_quicker_than_the_worker_settles_it() -> None:
    prompt = sending()
    prompts.unconfirmed(prompt, reason=Prompt.Reason.STUCK)
    assert prompts.settle_by_link(prompt, now=MONDAY + MINUTE)
    outcomes.settle(Outcome(prompt=prompt, error=None, at=MONDAY + 12 * MINUTE))
    prompt.refresh_from_db()
    assert (prompt.state, prompt.settled_at) == ("sent", MONDAY + MINUTE)


@pytest.mark.parametrize("settle", [prompts.settle_by_link, prompts.settle_by_staff])
def test_what_is_settled_days_later_was_sent_when_it_was_tried(settle) -> None:
    prompt = sending()
    housekeeping.give_up_stuck(now=MONDAY + 11 * MINUTE)
    days_later = MONDAY + timedelta(days=6)
    assert settle(Prompt.objects.get(pk=prompt.pk), now=days_later)
    prompt.refresh_from_db()
    assert (prompt.sent_at, prompt.settled_at) == (MONDAY, days_later)


def test_a_prompt_with_a_fault_of_ours_while_sending_is_unconfirmed() -> None:
    prompt = sending()
    outcomes.settle(Outcome(prompt=prompt, error=RuntimeError("ours"), at=MONDAY))
    assert told(prompt) == "unconfirmed stuck"


def test_back_off_grows_to_an_hour_and_is_never_the_same_for_all() -> None:
    for attempts, minutes in [(1, 1), (2, 3), (3, 9), (4, 27), (5, 60), (60, 60)]:
        waits = {outcomes.back_off(attempts) / MINUTE for _each in range(50)}
        assert minutes * 0.75 <= min(waits) <= max(waits) <= minutes * 1.25
        assert len(waits) > 1


def test_a_prompt_that_nobody_took_for_a_week_is_missed() -> None:
    prompt = PromptFactory(due_at=MONDAY)
    assert housekeeping.mark_missed(now=MONDAY + timedelta(days=7)) == 0
    assert housekeeping.mark_missed(now=MONDAY + timedelta(days=7, minutes=1)) == 1
    assert told(prompt) == "missed too_late"


@pytest.fixture
def three_a_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk has no time for more than one batch, and that is a small one."""
    monkeypatch.setattr(missed, "_BATCH", 3)
    monkeypatch.setattr(missed, "_SECONDS", 0)


def test_rows_that_are_not_missed_do_not_keep_the_walk_from_those_behind(three_a_tick) -> None:
    """All were due five days ago; a first copy may go for seven days, one asked for anew for two."""
    front = [PromptFactory(due_at=MONDAY - timedelta(days=5)) for _each in range(8)]
    behind = [PromptFactory(due_at=MONDAY - timedelta(days=5), copy=1) for _each in range(4)]
    assert [housekeeping.mark_missed(now=MONDAY) for _tick in range(5)] == [0, 0, 1, 3, 0]
    assert {told(each) for each in front} == {"planned"}
    assert {told(each) for each in behind} == {"missed too_late"}


def test_a_walk_that_ended_begins_anew(three_a_tick) -> None:
    rows = [PromptFactory(due_at=MONDAY) for _each in range(4)]
    week = timedelta(days=7)
    assert [housekeeping.mark_missed(now=MONDAY + week) for _tick in range(2)] == [0, 0]
    assert not Bookmark.objects.exists()
    later = MONDAY + week + MINUTE
    assert [housekeeping.mark_missed(now=later) for _tick in range(3)] == [3, 1, 0]
    assert {told(each) for each in rows} == {"missed too_late"}


def test_a_walk_ends_in_one_tick_if_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "_BATCH", 3)
    rows = [PromptFactory(due_at=MONDAY) for _each in range(2 * missed._BATCH + 1)]
    assert housekeeping.mark_missed(now=MONDAY + timedelta(days=8)) == len(rows)


def test_a_row_whose_zone_is_no_more_is_missed_like_any_other() -> None:
    ann = enrolled()
    ann.prompts.update(zone="Europe/Gone")
    Rhythm.objects.update(zone="Europe/Gone", paused_until=MONDAY.date())
    housekeeping.tidy(now=MONDAY + timedelta(days=11))
    assert told(row(ann, "session", 1)) == "missed too_late"


def test_a_reminder_whose_zone_is_no_more_is_missed_like_any_other(mailoutbox) -> None:
    ann = enrolled()
    live(MONDAY, MONDAY + timedelta(days=4))
    ann.prompts.filter(kind="nudge").update(zone="Europe/Gone")
    housekeeping.tidy(now=MONDAY + timedelta(days=9))
    assert told(row(ann, "nudge", 1)) == "missed too_late"


def test_one_person_who_cannot_be_erased_does_not_hold_up_the_others(caplog) -> None:
    ann, bob = enrolled(), enrolled()
    for each in (ann, bob):
        services.leave(enrolment=each, level="erasure", reason="", now=MONDAY)
    refuse(f"OLD.id = {ann.pk} AND NEW.erased_at IS NOT NULL", model="participants.Enrolment")
    UserFactory(email="old@example.org", date_joined=MONDAY - timedelta(days=30))
    housekeeping.tidy(now=MONDAY + timedelta(days=2))
    for each in (ann, bob):
        each.refresh_from_db()
    assert (ann.erased_at is None, bob.erased_at is None) == (True, False)
    assert not User.objects.filter(email="old@example.org").exists()
    assert caplog.messages == [f"erasing enrolment {ann.pk} failed: IntegrityError"]


def test_one_row_that_cannot_be_settled_does_not_hold_up_the_others(caplog) -> None:
    stuck, other = sending(), sending()
    refuse(f"OLD.id = {stuck.pk}", model="scheduling.Prompt")
    late = PromptFactory(due_at=MONDAY - timedelta(days=8))
    housekeeping.tidy(now=MONDAY + timedelta(days=1))
    assert [told(each) for each in (stuck, other, late)] == [
        "sending",
        "unconfirmed stuck",
        "missed too_late",
    ]
    assert caplog.messages == [f"giving up prompt {stuck.pk} failed: IntegrityError"]


def test_one_step_that_fails_does_not_hold_up_the_others(caplog) -> None:
    UserFactory(email="old@example.org", date_joined=MONDAY - timedelta(days=30))
    Visit.objects.create(session_key="expired", session_data="", expire_date=MONDAY)
    refuse("OLD.email = 'old@example.org'", model="participants.User", operation="DELETE")
    housekeeping.tidy(now=MONDAY + timedelta(days=1))
    assert User.objects.filter(email="old@example.org").exists()
    assert not Visit.objects.exists()
    assert caplog.messages == ["erase_unconsented failed: IntegrityError"]


def test_accounts_that_never_agreed_to_anything_go() -> None:
    UserFactory(email="old@example.org", date_joined=MONDAY)
    housekeeping.tidy(now=MONDAY + timedelta(days=15))
    assert not User.objects.filter(email="old@example.org").exists()


def test_expired_visits_go_with_what_was_typed_in_them_and_others_stay() -> None:
    for key, expires in [("expired", MONDAY - MINUTE), ("current", MONDAY + MINUTE)]:
        Visit.objects.create(session_key=key, session_data="", expire_date=expires)
    housekeeping.tidy(now=MONDAY)
    assert list(Visit.objects.values_list("session_key", flat=True)) == ["current"]


def test_a_fault_while_handing_over_is_logged_without_the_address(caplog) -> None:
    class Faulty:
        def send(self, envelope: Envelope) -> None:
            raise RuntimeError(f"could not reach {envelope.recipient}")

        def close(self) -> None:
            """Nothing is open."""

    prompt = sending()
    envelope = Envelope(sender="us@x", recipient=prompt.enrolment.user.email, data=b"")
    letter = Letter(prompt=prompt, wording=prompt.wording, message_id="<1@x>", envelope=envelope)
    outcome = outcomes.attempt(letter, Faulty(), clock=lambda: MONDAY)
    assert not outcome.was_sent
    assert caplog.messages == [f"prompt {prompt.pk} could not be handed over: RuntimeError"]
    assert prompt.enrolment.user.email not in caplog.text


def test_a_long_round_beats_every_thirty_seconds() -> None:
    moments = [MONDAY + timedelta(seconds=seconds) for seconds in (0, 29, 30, 31, 59, 60)]
    clock = iter(moments)
    stop = housekeeping.beating(lambda: False, clock=lambda: next(clock))
    beats = []
    for _each in moments:
        assert not stop()
        beats.append(int((Heartbeat.objects.get().beat_at - MONDAY).total_seconds()))
    assert beats == [0, 0, 30, 30, 30, 60]


def test_a_beating_round_stops_when_it_is_asked_to() -> None:
    assert housekeeping.beating(lambda: True, clock=lambda: MONDAY)()


def test_who_was_told_of_an_alarm_is_forgotten_after_ninety_days() -> None:
    """That mail stood still is not."""
    times = {"began_at": MONDAY, "raised_at": MONDAY}
    over = Alarm.objects.create(cleared_at=MONDAY + MINUTE, **times)
    lasting = Alarm.objects.create(**times)
    for each in (over, lasting):
        AlarmMail.objects.create(
            alarm=each, address="ann@example.org", says="red", made_at=MONDAY, next_try_at=MONDAY
        )
    housekeeping.tidy(now=MONDAY + timedelta(days=90))
    assert AlarmMail.objects.count() == 2
    housekeeping.tidy(now=MONDAY + timedelta(days=90, minutes=2))
    assert list(AlarmMail.objects.values_list("alarm", flat=True)) == [lasting.pk]
    assert Alarm.objects.count() == 2


def test_a_tick_sees_the_time_without_ticks_before_it_beats() -> None:
    beat_at = timezone.now() - timedelta(minutes=20)
    housekeeping.beat(now=beat_at)
    tasks.tick()
    assert Alarm.objects.get().began_at == beat_at + watch.SILENT
    assert Heartbeat.objects.get().beat_at > beat_at + timedelta(minutes=19)
