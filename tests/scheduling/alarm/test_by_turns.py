"""Mail that stands and goes by turns, and news that another alarm overtakes."""

import pytest

from scheduling import alarm, housekeeping, sender
from scheduling.models import Alarm
from studies.models import Study
from tests.factories.scheduling import MONDAY
from tests.scheduling.alarm.steps import DAY, MINUTE, RED, WELL, minutes, stop, subjects
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db


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
    for begin in range(0, 240, 60):
        stop(begin)
        minutes(begin, begin + 9)
        sender.resume()
        minutes(begin + 10, begin + 59)
    over = [each.cleared_at - each.well_at for each in Alarm.objects.order_by("raised_at")]
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
