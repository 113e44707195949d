"""One mail to the study's contact when mail stands still, and one when it goes again."""

from datetime import datetime, timedelta
from time import monotonic

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from scheduling import alarm, alarm_mail, housekeeping, prompts, sender, watch
from scheduling.models import Alarm, Heartbeat, MailSender, Prompt
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory, WordingFactory
from tests.factories.studies import StudyFactory
from tests.scheduling.refusals import refuse
from tests.scheduling.test_races import at_once
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def one_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """These stories are told at moments of their own, and the database's clock cannot be moved."""
    monkeypatch.setattr(watch, "_clock_difference", lambda _now: timedelta(0))


@pytest.fixture
def study() -> Study:
    """Someone's mail is ahead of them, and the tick has run."""
    housekeeping.beat(now=MONDAY)
    study = StudyFactory(
        contact_email="team@example.ac.uk", neutral_name="Four weeks", default_zone="Asia/Tokyo"
    )
    PromptFactory(enrolment__study=study, due_at=MONDAY + 30 * DAY)
    return study


def minutes(first: int, last: int, *, beating: bool = True) -> None:
    """A look each minute after MONDAY, from `first` to `last`."""
    for minute in range(first, last + 1):
        now = MONDAY + minute * MINUTE
        alarm.look(now=now)
        if beating:
            housekeeping.beat(now=now)


def stop(minute: int = 0) -> None:
    sender.stop("AUTH 535 5.7.8", now=MONDAY + minute * MINUTE)


def subjects(sink: SmtpSink) -> list[tuple[str, str]]:
    return [(each.rcpt_tos[0], each.message["Subject"]) for each in sink.received]


RED = ("team@example.ac.uk", "Mail is not going out: Four weeks")
WELL = ("team@example.ac.uk", "Mail goes again: Four weeks")


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


def test_a_sender_that_stops_and_stands_by_turns_is_told_as_one(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    for turn in range(0, 30, 3):
        stop(turn)
        minutes(turn, turn + 1)
        sender.resume()
        minutes(turn + 2, turn + 2)
    assert subjects(mail_over_smtp) == [RED]
    minutes(30, 60)
    assert subjects(mail_over_smtp) == [RED, WELL]


def test_who_was_told_lately_is_not_told_at_every_turn(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    """Seven minutes red and seven well, for a day: of the second alarm, all day is one."""
    for turn in range(0, 24 * 60, 14):
        stop(turn)
        minutes(turn, turn + 6)
        sender.resume()
        minutes(turn + 7, turn + 13)
    assert subjects(mail_over_smtp) == [RED, WELL, RED]
    minutes(24 * 60, 24 * 60 + 10)
    assert subjects(mail_over_smtp) == [RED, WELL, RED, WELL]


def test_each_alarm_of_a_day_is_over_after_twice_as_long(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    over = []
    for alarms, begin in enumerate(range(0, 240, 60), start=1):
        stop(begin)
        minutes(begin, begin + 9)
        sender.resume()
        minutes(begin + 10, begin + 59)
        over += [each.cleared_at - each.well_at for each in Alarm.objects.all()[alarms - 1 :]]
    assert over == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]


def test_what_was_not_told_makes_nobody_wait_longer(study: Study, mail_over_smtp: SmtpSink) -> None:
    for begin in range(0, 60, 20):
        stop(begin)
        minutes(begin, begin + 2)
        sender.resume()
        minutes(begin + 3, begin + 19)
    stop(60)
    minutes(60, 69)
    sender.resume()
    minutes(70, 75)
    assert subjects(mail_over_smtp) == [RED, WELL]


def test_after_a_day_it_is_over_as_soon_as_the_first_time(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    day = 25 * 60
    for begin in (0, day):
        stop(begin)
        minutes(begin, begin + 9)
        sender.resume()
        minutes(begin + 10, begin + 15)
        housekeeping.beat(now=MONDAY + day * MINUTE)
    assert subjects(mail_over_smtp) == [RED, WELL, RED, WELL]


def test_that_mail_goes_again_is_not_told_while_it_stands_still_anew(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    stop()
    minutes(0, 10)
    sender.resume()
    mail_over_smtp.answer("MAIL", "451 4.3.0 Try later")
    minutes(11, 17)
    stop(18)
    minutes(18, 24)
    mail_over_smtp.forgive()
    minutes(25, 40)
    assert subjects(mail_over_smtp) == [RED, RED]
    sender.resume()
    minutes(41, 80)
    assert subjects(mail_over_smtp) == [RED, RED, WELL, WELL]


def test_that_mail_stands_still_is_not_told_once_it_goes(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    """The red mail could not go at once; by its second try all is well, if not for long."""
    mail_over_smtp.answer("MAIL", "451 4.3.0 Try later", times=1)
    stop()
    minutes(0, 6)
    sender.resume()
    minutes(7, 11)
    assert subjects(mail_over_smtp) == []
    minutes(12, 90)
    assert subjects(mail_over_smtp) == [WELL]


def test_a_clock_that_is_a_day_ahead_keeps_no_alarm_open(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    stop()
    minutes(0, 10)
    sender.resume()
    housekeeping.beat(now=MONDAY + DAY)
    alarm.look(now=MONDAY + DAY)
    housekeeping.beat(now=MONDAY + 11 * MINUTE)
    minutes(11, 30)
    assert subjects(mail_over_smtp) == [RED, WELL]


def test_a_contact_that_changes_meanwhile_is_not_told_of_what_it_knows_nothing(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    stop()
    minutes(0, 10)
    Study.objects.filter(pk=study.pk).update(contact_email="new@example.ac.uk")
    sender.resume()
    minutes(11, 40)
    assert subjects(mail_over_smtp) == [RED]


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
    assert "- The sender last ran on Mon 5 Jan, 18:00. Start it again.\n" in (
        mail_over_smtp.received[0].text()
    )


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


# Who is told


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


def test_a_study_whose_zone_is_no_more_is_told_in_utc(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    Study.objects.update(default_zone="Europe/Gone")
    stop()
    minutes(0, 30)
    assert subjects(mail_over_smtp) == [RED]
    said = "Since Mon 5 Jan, 09:00. All times here are in UTC.\n"
    assert said in mail_over_smtp.received[0].text()


# What it says


def go(prompt: Prompt, *, at) -> None:
    kind, study = prompt.kind, prompt.enrolment.study
    wording = WordingFactory(study=study, kind=kind, version=study.wordings.count() + 1)
    prompts.begin(prompt, wording=wording, message_id="<1@x>", now=at)
    prompts.sent(prompt, now=at)


def only(sink: SmtpSink, subject: str):
    (found,) = (each for each in sink.received if each.message["Subject"] == subject)
    return found


def test_it_says_what_is_wrong_since_when_and_what_to_do(
    study: Study, mail_over_smtp: SmtpSink
) -> None:
    PromptFactory(enrolment__study=study, due_at=MONDAY)
    stop()
    minutes(0, 6)
    mail = only(mail_over_smtp, RED[1])
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.message.walk()] == ["text/plain"]
    assert mail.text() == (
        "Mail to the people of Four weeks is not going out as it should.\n"
        "\n"
        "Since Mon 5 Jan, 18:00. All times here are in Asia/Tokyo.\n"
        "\n"
        "What is wrong\n"
        "- The mail sender stopped on Mon 5 Jan, 18:00: AUTH 535 5.7.8.\n"
        "\n"
        "What it means for participants\n"
        "- 1 mail to them is due and has not gone.\n"
        "- Nothing is lost: what is due waits, and goes by itself once this is put right.\n"
        "- A session mail that is more than a day late says that it was us.\n"
        "- Reminders wait for two days, session mails until a day before the next session. "
        "What is too late then is not sent, and recorded as a deviation.\n"
        "- Weeks open at their time on the person’s own pages, mail or no mail.\n"
        "- Codes for signing in go through the same mail server, and may not come.\n"
        "\n"
        "What to do\n"
        "- Pass this on to whoever runs the platform.\n"
        "- See whether the mail server is up and takes us: its name, user and password stand in "
        "EMAIL_URL. The sender looks again by itself, every few minutes.\n"
        "\n"
        "Where to look\n"
        "- The staff pages: http://testserver/staff/\n"
        "- For whoever runs it: docs/running.md, under “When mail stands still”.\n"
        "\n"
        "This is said once. One more mail comes when all is well again.\n"
    )


def test_it_says_what_became_of_the_mails(study: Study, mail_over_smtp: SmtpSink) -> None:
    late = [PromptFactory(enrolment__study=study, due_at=MONDAY) for _each in range(2)]
    punctual = PromptFactory(enrolment__study=study, due_at=MONDAY + 28 * MINUTE)
    lost = PromptFactory(enrolment__study=study, due_at=MONDAY)
    unsure = PromptFactory(enrolment__study=study, due_at=MONDAY)
    elsewhere = PromptFactory(due_at=MONDAY)
    stop()
    minutes(0, 29)
    sender.resume()
    for prompt in [*late, punctual, elsewhere]:
        go(prompt, at=MONDAY + 30 * MINUTE)
    prompts.miss(lost, now=MONDAY + 30 * MINUTE)
    wording = WordingFactory(study=study, kind=unsure.kind, version=9)
    prompts.begin(unsure, wording=wording, message_id="<9@x>", now=MONDAY + 30 * MINUTE)
    prompts.unconfirmed(unsure, reason=Prompt.Reason.STUCK)
    minutes(30, 60)
    assert only(mail_over_smtp, WELL[1]).text() == (
        "Mail to the people of Four weeks goes again.\n"
        "\n"
        "Mail stood still from Mon 5 Jan, 18:00 to Mon 5 Jan, 18:30, Asia/Tokyo time. "
        "The mail server did not take our mail. Mail was due and was not sent.\n"
        "\n"
        "What became of the mails\n"
        "- 2 were late.\n"
        "- 1 could not go.\n"
        "- 1 may have arrived or not; it is not sent again by itself.\n"
        "\n"
        "What to do\n"
        "- Look on the staff pages for those whose mail could not go, or may not have arrived.\n"
        "\n"
        "Where to look\n"
        "- The staff pages: http://testserver/staff/\n"
    )


def test_it_says_that_nothing_came_late(study: Study, mail_over_smtp: SmtpSink) -> None:
    stop()
    minutes(0, 29)
    sender.resume()
    minutes(30, 60)
    text = only(mail_over_smtp, WELL[1]).text()
    assert "- None came late, and none is lost.\n" in text
    assert "- Nothing: all that was due has been seen to.\n" in text


def test_it_says_that_what_waits_goes_by_itself(study: Study, mail_over_smtp: SmtpSink) -> None:
    stop()
    minutes(0, 29)
    sender.resume()
    again = MONDAY + 90 * MINUTE
    PromptFactory(
        enrolment__study=study, due_at=MONDAY, attempts=1, reason="busy", next_attempt_at=again
    )
    minutes(30, 60)
    text = only(mail_over_smtp, WELL[1]).text()
    assert "- 1 waits to be tried again.\n" in text
    assert "- Nothing: what waits goes by itself.\n" in text


def test_every_server_can_carry_it(study: Study, mail_over_smtp: SmtpSink) -> None:
    Study.objects.update(neutral_name="Vier Wochen für dich", contact_email="team@exämple.ac.uk")
    stop()
    minutes(0, 5)
    (mail,) = mail_over_smtp.received
    assert (mail.mail_from, mail.rcpt_tos) == ("sessions@testserver", ["team@xn--exmple-cua.ac.uk"])
    assert mail.data.isascii()
    assert max(map(len, mail.data.split(b"\r\n"))) <= 76
    assert mail.message["Subject"] == "Mail is not going out: Vier Wochen für dich"
    assert "Mail to the people of Vier Wochen für dich is not going out" in mail.text()


def test_it_says_nothing_about_anybody(study: Study, mail_over_smtp: SmtpSink) -> None:
    late = PromptFactory(enrolment__study=study, due_at=MONDAY)
    stop()
    minutes(0, 29)
    sender.resume()
    go(late, at=MONDAY + 30 * MINUTE)
    minutes(30, 60)
    wire = b"".join(each.data for each in mail_over_smtp.received).decode()
    person = late.enrolment
    assert [word for word in (person.user.email, person.code) if word in wire] == []


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


# A mail server that ails


PHASES = ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT"]


@pytest.fixture
def a_second(settings: Settings) -> None:
    """For a whole mail."""
    settings.EMAIL_TIMEOUT = 1


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
