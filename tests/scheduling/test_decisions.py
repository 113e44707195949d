"""What goes is decided when it would go, from what is true then."""

from datetime import date, time, timedelta

import pytest

from participants.models import Enrolment
from scheduling import delivery, services
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.scheduling import MONDAY, enrolled
from tests.participants.test_joining import newer_form
from tests.scheduling.lives import at, finish_week, live, open_week, row, sessions, tick, told

pytestmark = pytest.mark.django_db

THURSDAY = at("2026-01-08 19:00")


@pytest.fixture
def ann(mailoutbox) -> Enrolment:
    person = enrolled()
    tick(MONDAY)
    mailoutbox.clear()
    return person


def test_mail_switched_off_skips_sessions_reminders_and_the_last_mail(ann, mailoutbox) -> None:
    services.stop_mail(enrolment=ann, now=MONDAY)
    live(MONDAY, at("2026-02-06 19:00"))
    assert mailoutbox == []
    kinds = ann.prompts.exclude(kind="welcome")
    assert {told(each) for each in kinds} == {"skipped mail_off"}


def test_mail_switched_on_again_goes_from_then_on(ann, mailoutbox) -> None:
    services.stop_mail(enrolment=ann, now=MONDAY)
    tick(THURSDAY)
    services.restart_mail(enrolment=ann, now=THURSDAY)
    tick(at("2026-01-15 19:00"))
    assert [each.subject for each in mailoutbox] == ["Your Thursday session"]
    assert told(row(ann, "session", 1)) == "skipped mail_off"


def test_a_copy_of_what_was_agreed_goes_with_mail_switched_off(ann, mailoutbox) -> None:
    services.stop_mail(enrolment=ann, now=MONDAY)
    services.write_now(enrolment=ann, kind="consent_copy", now=MONDAY)
    tick(MONDAY)
    assert [each.subject for each in mailoutbox] == ["Your copy of what you agreed"]


def test_a_week_that_is_finished_needs_no_mail(ann, mailoutbox) -> None:
    finish_week(ann, 1, MONDAY)
    tick(THURSDAY)
    assert told(row(ann, "session", 1)) == "skipped finished"


def test_an_archived_study_sends_nothing_more(ann, mailoutbox) -> None:
    Study.objects.update(state=Study.State.ARCHIVED)
    tick(THURSDAY)
    assert told(row(ann, "session", 1)) == "skipped study_closed"


def test_a_study_closed_to_new_people_goes_on_with_those_it_has(ann, mailoutbox) -> None:
    Study.objects.update(state=Study.State.CLOSED)
    tick(THURSDAY)
    assert told(row(ann, "session", 1)) == "sent"


def test_a_pause_met_at_the_moment_of_sending_moves_the_weeks(ann, mailoutbox) -> None:
    Rhythm.objects.update(paused_until=date(2026, 1, 20))
    tick(THURSDAY)
    assert mailoutbox == []
    assert sessions(ann) == [
        "1 Thu 22 Jan 19:00",
        "2 Thu 29 Jan 19:00",
        "3 Thu 05 Feb 19:00",
        "4 Thu 12 Feb 19:00",
    ]


def test_a_pause_in_a_zone_behind_that_of_the_last_mail_moves_it(ann, mailoutbox) -> None:
    """The mail is due on the first day after the pause in Auckland, where Los Angeles has it yet."""
    live(THURSDAY, at("2026-01-30 19:00"))
    reminder_and_farewell = 2
    farewell = ann.prompts.filter(kind="farewell")
    due = at("2026-02-10 06:00")
    farewell.update(
        zone="Pacific/Auckland",
        local_date=date(2026, 2, 10),
        local_time=time(19),
        due_at=due,
        next_attempt_at=due,
    )
    Rhythm.objects.update(zone="America/Los_Angeles", paused_until=date(2026, 2, 10))
    assert delivery.run(clock=lambda: due, limit=20).looked_at == reminder_and_farewell
    assert row(ann, "farewell").due_at == at("2026-02-13 03:00")


def test_a_paused_mail_that_cannot_be_moved_is_put_off(ann, mailoutbox) -> None:
    """Its zone is no more, so nobody can say when the pause ends; the others go on."""
    bob = enrolled()
    Rhythm.objects.filter(enrolment=ann).update(zone="Europe/Gone", paused_until=date(2026, 1, 20))
    assert delivery.run(clock=lambda: THURSDAY, limit=20).sent == 2
    first = row(ann, "session", 1)
    assert (first.state, first.reason, first.attempts) == ("planned", "unrenderable", 1)
    assert first.next_attempt_at > THURSDAY
    assert told(row(bob, "session", 1)) == "sent"


class TestReminder:
    """Three days after a session's mail, one; and none when it would not help."""

    def test_goes_when_the_week_is_not_opened(self, ann, mailoutbox) -> None:
        live(THURSDAY, at("2026-01-11 19:00"))
        assert [each.subject for each in mailoutbox] == [
            "Your Thursday session",
            "Your session is here when you are",
        ]

    def test_does_not_go_when_the_week_was_opened(self, ann, mailoutbox) -> None:
        tick(THURSDAY)
        open_week(ann, 1, THURSDAY)
        tick(at("2026-01-11 19:00"))
        assert told(row(ann, "nudge", 1)) == "skipped opened"

    def test_does_not_go_while_the_person_is_asked_to_agree_anew(self, ann, mailoutbox) -> None:
        """Nothing is recorded of them: they may be in their week."""
        newer_form(ann.study, anew=True)
        live(THURSDAY, at("2026-01-27 19:00"))
        assert [each.subject for each in mailoutbox] == ["Your Thursday session"] * 3
        assert [told(row(ann, "nudge", week)) for week in (1, 2)] == ["skipped asked_anew"] * 2
        assert not any("Take a break" in mail.body for mail in mailoutbox)

    def test_goes_when_a_newer_version_asks_nobody_anew(self, ann, mailoutbox) -> None:
        newer_form(ann.study, anew=False)
        live(THURSDAY, at("2026-01-11 19:00"))
        assert told(row(ann, "nudge", 1)) == "sent"

    def test_does_not_go_when_the_study_has_none(self, ann, mailoutbox) -> None:
        Study.objects.update(nudges=False)
        live(THURSDAY, at("2026-01-11 19:00"))
        assert told(row(ann, "nudge", 1)) == "skipped nudges_off"

    def test_does_not_go_when_the_sessions_mail_did_not(self, ann, mailoutbox) -> None:
        services.stop_mail(enrolment=ann, now=MONDAY)
        tick(THURSDAY)
        services.restart_mail(enrolment=ann, now=THURSDAY)
        tick(at("2026-01-11 19:00"))
        assert told(row(ann, "nudge", 1)) == "skipped no_session_mail"

    def test_waits_three_days_from_a_late_session(self, ann, mailoutbox) -> None:
        late = THURSDAY + timedelta(days=2)
        tick(late)
        tick(at("2026-01-11 19:00"))
        nudge = row(ann, "nudge", 1)
        assert (nudge.state, nudge.due_at) == ("planned", at("2026-01-13 19:00"))

    def test_does_not_crowd_the_next_session(self, ann, mailoutbox) -> None:
        tick(THURSDAY + timedelta(days=5))
        assert told(row(ann, "session", 1)) == "sent"
        assert told(row(ann, "nudge", 1)) == "skipped too_late"

    def test_two_unopened_weeks_end_it_and_the_next_session_offers_ways_on(
        self, ann, mailoutbox
    ) -> None:
        live(THURSDAY, at("2026-01-26 19:00"))
        assert [each.subject for each in mailoutbox] == [
            "Your Thursday session",
            "Your session is here when you are",
            "Your Thursday session",
            "Your session is here when you are",
            "Your Thursday session",
        ]
        offers = ["Take a break", "Choose another day", "Stop these emails"]
        assert all(offer in mailoutbox[4].body for offer in offers)
        assert not any(offer in mailoutbox[2].body for offer in offers)
        assert told(row(ann, "nudge", 3)) == "skipped quiet"

    def test_someone_who_opens_a_week_again_is_reminded_again(self, ann, mailoutbox) -> None:
        live(THURSDAY, at("2026-01-20 19:00"))
        open_week(ann, 2, at("2026-01-21 19:00"))
        live(at("2026-01-21 19:00"), at("2026-01-26 19:00"))
        assert told(row(ann, "nudge", 3)) == "sent"
        assert "Take a break" not in mailoutbox[-2].body

    def test_a_week_that_was_not_offered_is_no_unopened_week(self, ann, mailoutbox) -> None:
        tick(THURSDAY)
        services.stop_mail(enrolment=ann, now=THURSDAY)
        live(at("2026-01-11 19:00"), at("2026-01-19 19:00"))
        services.restart_mail(enrolment=ann, now=at("2026-01-20 09:00"))
        live(at("2026-01-20 19:00"), at("2026-01-26 19:00"))
        assert told(row(ann, "session", 3)) == "sent"
        assert told(row(ann, "nudge", 3)) == "sent"

    def test_comes_at_most_once_in_seven_days(self, ann, mailoutbox) -> None:
        tick(THURSDAY)
        services.change_day(
            enrolment=ann,
            weekday=1,
            local_time=row(ann, "session", 1).local_time,
            zone="Europe/London",
            now=THURSDAY + timedelta(hours=1),
        )
        live(at("2026-01-09 19:00"), at("2026-01-18 19:00"))
        assert told(row(ann, "session", 2)) == "sent"
        assert told(row(ann, "nudge", 1)) == "sent"
        assert told(row(ann, "nudge", 2)) == "skipped quiet"

    def test_that_went_late_is_a_weeks_reason_for_no_other(self, ann, mailoutbox) -> None:
        """Planned for Sunday, sent on Tuesday; five days later is Sunday again."""
        for moment in ("08 19:01", "13 18:00", "15 19:01", "18 19:01"):
            tick(at(f"2026-01-{moment}"))
        assert [told(row(ann, "nudge", week)) for week in (1, 2)] == ["sent", "skipped quiet"]

    def test_that_goes_late_itself_is_counted_from_today(self, ann, mailoutbox) -> None:
        for moment in ("08 19:01", "13 18:00", "15 19:01", "20 18:00"):
            tick(at(f"2026-01-{moment}"))
        assert [told(row(ann, "nudge", week)) for week in (1, 2)] == ["sent", "sent"]

    def test_that_may_have_come_is_one(self, ann, mailoutbox) -> None:
        """Nobody knows whether the first one, on Tuesday, was taken."""
        for moment in ("08 19:01", "11 18:00"):
            tick(at(f"2026-01-{moment}"))
        first = Prompt.objects.filter(pk=row(ann, "nudge", 1).pk)
        tried = at("2026-01-13 18:00")
        first.update(state="sending", sending_since=tried, attempts=1, attempted_at=tried)
        first.update(state="unconfirmed", sending_since=None, reason="no_answer")
        for moment in ("15 19:01", "18 19:01"):
            tick(at(f"2026-01-{moment}"))
        assert told(row(ann, "nudge", 2)) == "skipped quiet"

    def test_days_are_counted_where_the_person_is_now(self, ann, mailoutbox) -> None:
        """Sunday evening in London is Monday on Kiritimati; six days later is no week."""
        tick(THURSDAY)
        tick(at("2026-01-11 19:00"))
        services.change_day(
            enrolment=ann,
            weekday=4,
            local_time=time(1),
            zone="Pacific/Kiritimati",
            now=at("2026-01-12 09:00"),
        )
        tick(at("2026-01-14 11:01"))
        assert row(ann, "nudge", 2).due_at == at("2026-01-17 11:00")
        tick(at("2026-01-17 11:01"))
        assert told(row(ann, "nudge", 2)) == "skipped quiet"


class TestOutage:
    def test_after_three_hours_all_goes_without_a_word(self, ann, mailoutbox) -> None:
        tick(THURSDAY + timedelta(hours=3))
        assert "late" not in mailoutbox[0].body

    def test_after_three_days_it_goes_and_says_so(self, ann, mailoutbox) -> None:
        tick(THURSDAY + timedelta(days=3))
        assert "Sorry, this comes late; that was us." in mailoutbox[0].body

    def test_after_ten_days_week_one_is_missed_and_the_next_mail_says_so(
        self, ann, mailoutbox
    ) -> None:
        tick(THURSDAY + timedelta(days=10))
        assert told(row(ann, "session", 1)) == "missed too_late"
        assert told(row(ann, "session", 2)) == "sent"
        said = mailoutbox[0].body.replace("\n", " ")
        assert "We could not send you last week’s email in time; that was us." in said

    @pytest.mark.parametrize(
        ("week", "hours", "expected"),
        [
            (1, 6 * 24, "sent"),
            (1, 6 * 24 + 1, "missed too_late"),
            (4, 6 * 24, "sent"),
            (4, 6 * 24 + 1, "missed too_late"),
        ],
    )
    def test_a_session_may_go_until_a_day_before_the_next_or_six_days(
        self, ann, mailoutbox, week: int, hours: int, expected: str
    ) -> None:
        session = row(ann, "session", week)
        Prompt.objects.filter(enrolment=ann, due_at__lt=session.due_at, state="planned").update(
            state="cancelled"
        )
        tick(session.due_at + timedelta(hours=hours))
        assert told(session) == expected

    def test_who_was_sent_no_week_is_not_thanked_for_four(self, ann, mailoutbox) -> None:
        tick(at("2026-02-05 19:01"))
        assert told(row(ann, "farewell")) == "skipped no_session_mail"
        assert mailoutbox == []

    def test_who_opened_a_week_by_themselves_is_thanked(self, ann, mailoutbox) -> None:
        open_week(ann, 1, THURSDAY)
        tick(at("2026-02-05 19:01"))
        assert told(row(ann, "farewell")) == "sent"

    def test_who_was_sent_one_week_is_thanked(self, ann, mailoutbox) -> None:
        tick(THURSDAY)
        mailoutbox.clear()
        tick(at("2026-02-05 19:01"))
        assert [each.subject for each in mailoutbox] == ["Thank you, and what stays open"]

    def test_a_reminder_may_go_for_two_days(self, ann, mailoutbox) -> None:
        tick(THURSDAY)
        tick(at("2026-01-13 19:01"))
        assert told(row(ann, "nudge", 1)) == "missed too_late"

    def test_what_is_too_late_is_missed_while_the_sender_is_stopped_too(
        self, ann, mail_over_smtp
    ) -> None:
        mail_over_smtp.stop()
        live(THURSDAY, at("2026-01-15 07:00"))
        assert told(row(ann, "session", 1)) == "missed too_late"
