"""What is due goes, once, over a real SMTP conversation; and what goes wrong is told by phase."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from participants.models import Enrolment
from scheduling import delivery
from scheduling.delivery import Report
from scheduling.models import MailSender, Prompt
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.scheduling.refusals import refuse
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db

THURSDAY = datetime.fromisoformat("2026-01-08T19:00:30+00:00")


def run(at: datetime = THURSDAY, *, limit: int = 50, **options) -> Report:
    """With an end, so that a loop which does not end by itself fails its test at once."""
    return delivery.run(clock=lambda: at, limit=limit, **options)


def states(enrolment: Enrolment | None = None) -> dict[str, str]:
    rows = Prompt.objects.all() if enrolment is None else Prompt.objects.filter(enrolment=enrolment)
    return {f"{row.kind} {row.occurrence}": row.state for row in rows.order_by("due_at")}


@pytest.fixture
def ann(mail_over_smtp: SmtpSink) -> Enrolment:
    """Welcomed on Monday; her first session is due on Thursday."""
    person = enrolled()
    run(MONDAY)
    mail_over_smtp.received.clear()
    return person


def test_only_what_is_due_goes(ann: Enrolment, smtp_sink: SmtpSink) -> None:
    run(THURSDAY - timedelta(minutes=1))
    assert smtp_sink.received == []
    assert run().sent == 1
    (mail,) = smtp_sink.received
    assert mail.rcpt_tos == [ann.user.email]
    assert mail.message["Subject"] == "Your Thursday session"
    assert run().sent == 0


def test_a_sent_row_says_when_in_which_words_and_under_which_id(
    ann: Enrolment, smtp_sink: SmtpSink
) -> None:
    run()
    row = Prompt.objects.get(kind="session", occurrence=1)
    assert (row.state, row.sent_at, row.attempts, row.reason) == ("sent", THURSDAY, 1, "")
    assert (row.wording.kind, row.wording.version) == ("session", 1)
    assert row.message_id == smtp_sink.received[0].message["Message-ID"]


def test_many_mails_go_over_one_connection_in_due_order(mail_over_smtp: SmtpSink) -> None:
    late = [PromptFactory(due_at=MONDAY + timedelta(minutes=each)) for each in (3, 1, 2)]
    assert run(MONDAY + timedelta(hours=1)).sent == 3
    assert mail_over_smtp.connections == 1
    assert [each.rcpt_tos[0] for each in mail_over_smtp.received] == [
        late[index].enrolment.user.email for index in (1, 2, 0)
    ]


def test_a_limit_is_kept_and_the_last_mail_is_written_down(mail_over_smtp: SmtpSink) -> None:
    for _each in range(3):
        PromptFactory(due_at=MONDAY)
    assert run(MONDAY, limit=2).sent == 2
    assert sorted(states_of_all()) == ["planned", "sent", "sent"]


def test_asked_to_stop_it_stops_after_the_mail_in_hand(mail_over_smtp: SmtpSink) -> None:
    for _each in range(3):
        PromptFactory(due_at=MONDAY)
    run(MONDAY, stop=lambda: len(mail_over_smtp.received) == 1)
    assert sorted(states_of_all()) == ["planned", "planned", "sent"]


def states_of_all() -> list[str]:
    return list(Prompt.objects.values_list("state", flat=True))


@pytest.mark.parametrize(
    ("phase", "answer", "reason"),
    [
        ("CONNECT", "554 5.3.2 Not today", "CONNECT 554"),
        ("EHLO", "421 4.3.2 Closing", "EHLO"),
        ("MAIL", "550 5.7.1 You may not", "MAIL 550 5.7.1"),
        ("MAIL", "451 4.7.1 Too many", "MAIL 451 4.7.1"),
    ],
)
def test_what_fails_before_a_recipient_is_named_stops_the_sender_and_no_row(
    ann: Enrolment, smtp_sink: SmtpSink, phase: str, answer: str, reason: str
) -> None:
    smtp_sink.answer(phase, answer)
    report = run()
    assert (report.stopped, report.looked_at) == (True, 1)
    row = Prompt.objects.get(kind="session", occurrence=1)
    assert (row.state, row.next_attempt_at) == ("planned", row.due_at)
    sender = MailSender.objects.get()
    assert sender.stopped_at == THURSDAY
    assert sender.reason.startswith(reason)


def test_a_wrong_password_stops_the_sender(
    ann: Enrolment, smtp_sink: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    smtp_sink.answer("AUTH", "535 5.7.8 Wrong password")
    run()
    assert MailSender.objects.get().reason == "AUTH 535 5.7.8"
    assert states(ann)["session 1"] == "planned"


def test_a_server_that_is_down_stops_the_sender(ann: Enrolment, smtp_sink: SmtpSink) -> None:
    smtp_sink.stop()
    run()
    assert MailSender.objects.get().reason == "CONNECT lost"
    assert states(ann)["session 1"] == "planned"


def test_a_stopped_sender_tries_by_itself_and_sends_what_waited(
    ann: Enrolment, smtp_sink: SmtpSink
) -> None:
    smtp_sink.stop()
    run()
    smtp_sink.start()
    assert run(THURSDAY + timedelta(seconds=30)).stopped
    assert smtp_sink.received == []
    assert run(THURSDAY + timedelta(seconds=61)).sent == 1
    assert MailSender.objects.get().stopped_at is None


def test_a_stopped_sender_waits_longer_each_time_but_never_over_five_minutes(
    ann: Enrolment, smtp_sink: SmtpSink
) -> None:
    smtp_sink.stop()
    tries = []
    for minute in range(20):
        at = THURSDAY + timedelta(minutes=minute)
        before = MailSender.objects.filter(retry_at__gt=at).exists()
        run(at)
        if not before:
            tries.append(minute)
    assert tries == [0, 1, 2, 4, 8, 13, 18]


@pytest.mark.parametrize("phase", ["RCPT", "DATA", "DOT"])
def test_a_refusal_for_now_is_tried_again_a_little_later(
    ann: Enrolment, smtp_sink: SmtpSink, phase: str
) -> None:
    smtp_sink.answer(phase, "451 4.3.0 Later", times=1)
    run()
    row = Prompt.objects.get(kind="session", occurrence=1)
    assert (row.state, row.reason, row.attempts) == ("planned", "busy", 1)
    wait = row.next_attempt_at - THURSDAY
    assert timedelta(seconds=45) <= wait <= timedelta(seconds=75)
    assert row.due_at == THURSDAY.replace(second=0)
    assert run(row.next_attempt_at).sent == 1
    first, *_others = smtp_sink.received
    row.refresh_from_db()
    assert (row.state, row.attempts, row.message_id) == ("sent", 2, first.message["Message-ID"])


@pytest.mark.parametrize("phase", ["RCPT", "DATA"])
def test_a_line_that_drops_before_the_dot_is_tried_again(
    ann: Enrolment, smtp_sink: SmtpSink, phase: str
) -> None:
    smtp_sink.drop(phase, times=1)
    run()
    assert states(ann)["session 1"] == "planned"
    run(THURSDAY + timedelta(minutes=5))
    assert len(smtp_sink.received) == 1


@pytest.mark.parametrize(
    ("phase", "answer", "reason"),
    [
        ("RCPT", "550 5.1.1 Nobody here", "address_refused"),
        ("RCPT", "550 5.2.1 Closed", "address_refused"),
        ("RCPT", "550 5.1.8 Who are you", "mail_refused"),
        ("RCPT", "550 No", "mail_refused"),
        ("DATA", "554 5.6.0 No", "mail_refused"),
        ("DOT", "552 5.2.2 Full", "mail_refused"),
    ],
)
def test_a_refusal_for_good_fails_the_row_with_its_reason(
    ann: Enrolment, smtp_sink: SmtpSink, phase: str, answer: str, reason: str
) -> None:
    smtp_sink.answer(phase, answer)
    run()
    row = Prompt.objects.get(kind="session", occurrence=1)
    assert (row.state, row.reason) == ("failed", reason)
    assert run(THURSDAY + timedelta(hours=1)).looked_at == 0


def test_a_line_lost_after_the_dot_is_unconfirmed_and_never_sent_again(
    ann: Enrolment, smtp_sink: SmtpSink
) -> None:
    smtp_sink.drop("DOT", times=1)
    run()
    row = Prompt.objects.get(kind="session", occurrence=1)
    assert (row.state, row.reason, row.sent_at) == ("unconfirmed", "no_answer", None)
    run(THURSDAY + timedelta(hours=1))
    assert len(smtp_sink.received) == 1


def test_silence_after_the_dot_is_unconfirmed(
    ann: Enrolment, smtp_sink: SmtpSink, settings: Settings
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    smtp_sink.delay("DOT", 1)
    run()
    assert states(ann)["session 1"] == "unconfirmed"


def test_one_refused_address_does_not_stop_the_others(mail_over_smtp: SmtpSink) -> None:
    rows = [PromptFactory(due_at=MONDAY) for _each in range(3)]
    mail_over_smtp.answer("RCPT", "550 5.1.1 No", to=rows[1].enrolment.user.email)
    run(MONDAY)
    assert [Prompt.objects.get(pk=row.pk).state for row in rows] == ["sent", "failed", "sent"]


def test_three_identical_refusals_in_a_row_stop_the_sender(mail_over_smtp: SmtpSink) -> None:
    for _each in range(6):
        PromptFactory(due_at=MONDAY)
    mail_over_smtp.answer("DOT", "554 5.7.1 Spam")
    run(MONDAY)
    assert sorted(states_of_all()) == ["failed"] * 3 + ["planned"] * 3
    assert MailSender.objects.get().reason == "refused: DOT 554 5.7.1"
    mail_over_smtp.reset()
    assert run(MONDAY + timedelta(minutes=16)).sent == 3


@pytest.mark.parametrize("answer", ["550 5.1.1 Nobody here", "550 5.2.1 Closed"])
def test_addresses_that_are_wrong_say_nothing_about_the_sender(
    mail_over_smtp: SmtpSink, answer: str
) -> None:
    rows = [PromptFactory(due_at=MONDAY) for _each in range(6)]
    for each in rows[:5]:
        mail_over_smtp.answer("RCPT", answer, to=each.enrolment.user.email)
    run(MONDAY)
    assert sorted(states_of_all()) == ["failed"] * 5 + ["sent"]
    assert not MailSender.objects.filter(stopped_at__isnull=False).exists()


def test_a_wrong_address_between_does_not_end_a_row_of_refusals(mail_over_smtp: SmtpSink) -> None:
    rows = [PromptFactory(due_at=MONDAY) for _each in range(5)]
    wrong = rows[1].enrolment.user.email
    mail_over_smtp.answer("RCPT", "550 5.1.1 Nobody here", to=wrong)
    mail_over_smtp.answer("DOT", "554 5.7.1 Spam")
    run(MONDAY)
    assert sorted(states_of_all()) == ["failed"] * 4 + ["planned"]


def test_a_sender_that_is_refused_again_stops_at_once(mail_over_smtp: SmtpSink) -> None:
    for _each in range(6):
        PromptFactory(due_at=MONDAY)
    mail_over_smtp.answer("DOT", "554 5.7.1 Spam")
    run(MONDAY)
    run(MONDAY + timedelta(minutes=16))
    assert sorted(states_of_all()) == ["failed"] * 4 + ["planned"] * 2


def test_refusals_with_a_success_between_do_not_stop_the_sender(mail_over_smtp: SmtpSink) -> None:
    rows = [PromptFactory(due_at=MONDAY) for _each in range(6)]
    for index in (0, 1, 3, 4):
        mail_over_smtp.answer("RCPT", "550 5.7.1 No", to=rows[index].enrolment.user.email)
    assert run(MONDAY).sent == 2
    assert not MailSender.objects.filter(stopped_at__isnull=False).exists()


def test_one_bad_row_does_not_stop_the_rest_and_is_tried_again(mail_over_smtp: SmtpSink) -> None:
    bad, good = PromptFactory(kind="consent_copy", due_at=MONDAY), PromptFactory(due_at=MONDAY)
    bad.enrolment.consent_answers.all()  # what it should copy
    Prompt.objects.filter(pk=bad.pk).update(zone="Mars/Olympus")
    run(MONDAY)
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.reason, good.state) == ("planned", "unrenderable", "sent")
    assert bad.next_attempt_at > MONDAY
    Prompt.objects.filter(pk=bad.pk).update(zone="Europe/London")
    assert run(bad.next_attempt_at).sent == 1


def test_a_row_the_database_refuses_stops_nobody_and_undoes_nothing(
    mail_over_smtp: SmtpSink,
) -> None:
    before, bad, after = (PromptFactory(due_at=MONDAY) for _each in range(3))
    refuse(f"OLD.id = {bad.pk} AND NEW.state = 'sending'", model="scheduling.Prompt")
    run(MONDAY)
    for each in (before, bad, after):
        each.refresh_from_db()
    assert [each.state for each in (before, bad, after)] == ["sent", "planned", "sent"]
    assert (bad.reason, bad.attempts) == ("unrenderable", 1)
    assert bad.next_attempt_at > MONDAY


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite's numbers have no end")
def test_a_row_tried_more_often_than_can_be_counted_stops_nobody(mail_over_smtp: SmtpSink) -> None:
    assert connection.vendor == "postgresql"
    bad, good = PromptFactory(due_at=MONDAY, attempts=32767), PromptFactory(due_at=MONDAY)
    assert run(MONDAY).sent == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, bad.attempts, good.state) == ("planned", 32767, "sent")


def test_a_kept_connection_that_the_server_closed_is_opened_anew(mail_over_smtp: SmtpSink) -> None:
    for _each in range(2):
        PromptFactory(due_at=MONDAY)
    closed = []

    def close_between() -> bool:
        if len(mail_over_smtp.received) == 1 and not closed:
            closed.append(mail_over_smtp.drop("MAIL", times=1))
        return False

    assert run(MONDAY, stop=close_between).sent == 2
    assert mail_over_smtp.connections == 2
