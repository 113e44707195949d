"""What a dead address means from then on: for the mails, for the weeks, and for whoever repairs it."""

from datetime import timedelta

import pytest

from participants import addresses
from participants.accounts import change_address
from participants.models import Enrolment, User
from scheduling import bounces, delivery, lateness, rehearsal, services
from scheduling.models import Prompt, Rhythm
from tests.factories.participants import UserFactory
from tests.factories.scheduling import MONDAY, enrolled
from tests.scheduling.lives import at, finish_week, live, open_week, row, sessions, tick, told
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db

THURSDAY = at("2026-01-08 19:01")
FRIDAY = at("2026-01-09 09:00")
SECOND, THIRD = at("2026-01-15 19:01"), at("2026-01-22 19:01")


@pytest.fixture
def ann(mailoutbox) -> Enrolment:
    person = enrolled(user=UserFactory(email="ann@example.org"))
    tick(MONDAY)
    return person


def fails(person: Enrolment, since=MONDAY) -> None:
    User.objects.filter(enrolments=person).update(address_failed_at=since)


def subjects(mailoutbox) -> list[str]:
    return [each.subject for each in mailoutbox]


# Which mails stay here


def test_no_mail_of_any_kind_goes_to_a_dead_address(ann, mailoutbox) -> None:
    fails(ann)
    services.write_now(enrolment=ann, kind="consent_copy", now=MONDAY)
    services.send_again(prompt=row(ann, "welcome"), now=MONDAY)
    mailoutbox.clear()

    live(MONDAY, at("2026-02-12 19:00"))

    assert mailoutbox == []
    assert {kind: told(row(ann, kind, number, copy)) for kind, number, copy in (
        ("consent_copy", 0, 0), ("welcome", 0, 1), ("session", 1, 0), ("session", 4, 0),
        ("nudge", 1, 0), ("farewell", 0, 0),
    )} == {
        "consent_copy": "skipped address_failed",
        "welcome": "skipped address_failed",
        "session": "skipped address_failed",
        "nudge": "skipped no_session_mail",
        "farewell": "skipped no_session_mail",
    }  # fmt: skip


def test_deletion_does_not_wait_for_a_confirmation_that_cannot_arrive(ann, mailoutbox) -> None:
    fails(ann)
    services.leave(enrolment=ann, level="erasure", reason="", now=THURSDAY)
    mailoutbox.clear()

    tick(THURSDAY)

    assert told(row(ann, "withdrawal")) == "skipped address_failed"
    assert (User.objects.count(), mailoutbox) == (0, [])


def test_what_is_not_wanted_or_not_needed_says_so_all_the_same(ann) -> None:
    fails(ann)
    finish_week(ann, 1, MONDAY)
    tick(THURSDAY)
    services.stop_mail(enrolment=ann, now=THURSDAY)
    tick(SECOND)

    assert told(row(ann, "session", 1)) == "skipped finished"
    assert told(row(ann, "session", 2)) == "skipped mail_off"


def test_pause_moves_the_weeks_of_someone_we_cannot_reach(ann) -> None:
    """They lose none of them by it."""
    fails(ann)
    Rhythm.objects.update(paused_until="2026-01-20")
    tick(THURSDAY)
    assert sessions(ann)[0] == "1 Thu 22 Jan 19:00"


def test_rehearsal_says_who_would_not_be_written_to(ann) -> None:
    fails(ann)
    told = list(rehearsal.lines(at=THURSDAY, now=MONDAY))
    assert any("session 1" in line and "Mail to the address comes back" in line for line in told)
    assert "example.org" not in str(told)


# Once it works


def test_mails_go_on_with_the_next_and_it_says_what_happened(ann, mailoutbox) -> None:
    fails(ann)
    tick(THURSDAY)
    addresses.works(user=ann.user, now=THURSDAY)
    mailoutbox.clear()

    tick(SECOND)

    assert subjects(mailoutbox) == ["Your Thursday session"]
    words = " ".join(str(mailoutbox[0].body).split())
    assert "Our last email to you came back, so that of last week did not reach you." in words
    assert "That week is open on your pages too." in words
    assert "that was us" not in words
    assert "Our last email to you came back" in str(mailoutbox[0].alternatives)


def test_mail_after_one_that_came_back_says_so_too(ann, mailoutbox) -> None:
    tick(THURSDAY)
    Prompt.objects.filter(kind="session", occurrence=1).update(bounced_at=THURSDAY)
    mailoutbox.clear()

    tick(SECOND)

    assert "Our last email to you came back" in str(mailoutbox[-1].body)


def test_nothing_is_said_of_a_week_that_was_found_without_its_mail(ann, mailoutbox) -> None:
    fails(ann)
    tick(THURSDAY)
    open_week(ann, 1, THURSDAY)
    addresses.works(user=ann.user, now=THURSDAY)
    mailoutbox.clear()

    tick(SECOND)

    assert "came back" not in str(mailoutbox[0].body)


def test_the_week_after_next_says_nothing_more(ann, mailoutbox) -> None:
    fails(ann)
    tick(THURSDAY)
    addresses.works(user=ann.user, now=THURSDAY)
    tick(SECOND)
    mailoutbox.clear()

    tick(THIRD)

    assert "came back" not in str(mailoutbox[-1].body)


# What is owed whatever else is stopped


def leave(person: Enrolment, level: str) -> Prompt:
    confirmation = services.leave(enrolment=person, level=level, reason="", now=THURSDAY)
    assert confirmation is not None
    tick(THURSDAY)
    return confirmation


@pytest.mark.parametrize("level", ["training", "everything"])
def test_confirmation_that_could_not_go_is_written_once_mail_arrives_again(
    ann, mailoutbox, level
) -> None:
    fails(ann)
    assert told(leave(ann, level)) == "skipped address_failed"
    mailoutbox.clear()

    for _twice in range(2):
        bounces.works_again(user=ann.user, now=FRIDAY)
    tick(FRIDAY)

    assert subjects(mailoutbox) == ["You have left Weekly session"]
    assert told(row(ann, "withdrawal", 0, 1)) == "sent"
    assert failing() == []


def test_copy_of_what_was_agreed_that_came_back_is_written_for_the_new_address(
    ann, mailoutbox
) -> None:
    copy = services.write_now(enrolment=ann, kind="consent_copy", now=MONDAY)
    tick(MONDAY)
    Prompt.objects.filter(pk=copy.pk).update(bounced_at=MONDAY)
    fails(ann)
    mailoutbox.clear()

    tuesday = MONDAY + timedelta(days=1)
    moved = change_address(user=ann.user, email="ann@new.example", now=tuesday)
    bounces.works_again(user=moved, now=tuesday)
    tick(tuesday)

    assert subjects(mailoutbox) == ["Your copy of what you agreed"]
    assert mailoutbox[0].to == ["ann@new.example"]


def test_what_arrived_is_not_written_again(ann, mailoutbox) -> None:
    services.write_now(enrolment=ann, kind="consent_copy", now=MONDAY)
    tick(MONDAY)
    fails(ann)
    mailoutbox.clear()
    bounces.works_again(user=ann.user, now=THURSDAY - timedelta(hours=1))
    tick(THURSDAY - timedelta(hours=1))
    assert subjects(mailoutbox) == []


def test_what_came_back_is_owed_for_as_long_as_it_might_have_gone(ann, mailoutbox) -> None:
    fails(ann)
    confirmation = leave(ann, "everything")
    mailoutbox.clear()

    bounces.works_again(user=ann.user, now=THURSDAY + lateness.OTHERS + timedelta(seconds=1))
    assert not Prompt.objects.filter(kind="withdrawal", copy=1).exists()

    bounces.works_again(user=ann.user, now=confirmation.due_at + lateness.OTHERS)
    assert told(row(ann, "withdrawal", 0, 1)) == "planned"


def test_nothing_is_owed_to_someone_who_asked_for_deletion(ann, mailoutbox) -> None:
    """Nor does their identity wait for it."""
    fails(ann)
    services.write_now(enrolment=ann, kind="consent_copy", now=MONDAY)
    tick(MONDAY)
    services.leave(enrolment=ann, level="erasure", reason="", now=THURSDAY)
    bounces.works_again(user=ann.user, now=THURSDAY)
    planned = Prompt.objects.planned().filter(enrolment=ann)
    assert [each.kind for each in planned] == ["withdrawal"]
    tick(THURSDAY)
    assert User.objects.count() == 0


def test_what_one_is_owed_is_not_written_to_another(ann, mailoutbox) -> None:
    bob = enrolled(user=UserFactory(email="bob@example.org"))
    fails(ann)
    leave(ann, "everything")
    mailoutbox.clear()
    bounces.works_again(user=bob.user, now=FRIDAY)
    tick(FRIDAY)
    assert (mailoutbox, failing()) == ([], [("ann@example.org", MONDAY)])


# What counts as offered


def test_weeks_whose_mail_came_back_are_not_weeks_unopened(ann, mailoutbox) -> None:
    """Two unopened in a row would end the reminders, and offer a way out."""
    tick(THURSDAY)
    tick(SECOND)
    Prompt.objects.filter(kind="session", state="sent").update(bounced_at=SECOND)
    tick(THIRD)
    mailoutbox.clear()

    tick(THIRD + timedelta(days=3))

    assert told(row(ann, "nudge", 2)) == "skipped no_session_mail"
    assert told(row(ann, "nudge", 3)) == "sent"
    assert "Perhaps these weeks are not the right ones" not in str(mailoutbox)


def test_nobody_is_thanked_for_weeks_that_all_came_back(ann, mailoutbox) -> None:
    for week in range(4):
        tick(THURSDAY + week * timedelta(days=7))
        Prompt.objects.filter(kind="session", state="sent", bounced_at=None).update(
            bounced_at=THURSDAY
        )
    live(at("2026-01-30 19:00"), at("2026-02-07 19:00"))
    assert told(row(ann, "farewell")) == "skipped no_session_mail"


# The server says so itself


@pytest.fixture
def mailed(mail_over_smtp: SmtpSink) -> SmtpSink:
    enrolled(user=UserFactory(email="ann@example.org"))
    enrolled(user=UserFactory(email="bob@example.org"))
    delivery.run(clock=lambda: MONDAY)
    return mail_over_smtp


def failing() -> list[tuple]:
    marked = User.objects.exclude(address_failed_at=None)
    return list(marked.values_list("email", "address_failed_at"))


@pytest.mark.parametrize("code", ["550 5.1.1", "553 5.1.3", "550 5.2.1", "550 5.1.10"])
def test_address_that_the_server_refuses_is_marked(mailed, code) -> None:
    mailed.answer("RCPT", f"{code} <ann@example.org> unknown", to="ann@example.org")

    tick(THURSDAY)
    tick(SECOND)

    assert failing() == [("ann@example.org", THURSDAY)]
    refused = Prompt.objects.filter(reason="address_refused")
    assert [(each.state, each.occurrence, each.bounced_at) for each in refused] == [
        ("failed", 1, None)
    ]
    assert Prompt.objects.filter(reason="address_failed", occurrence=2).count() == 1
    assert len(mailed.to("bob@example.org")) == 3


@pytest.mark.parametrize("code", ["550 5.7.1", "552 5.2.2", "550 5.1.8", "550", "451 4.1.1"])
def test_address_is_not_marked_for_anything_else(mailed, code) -> None:
    mailed.answer("RCPT", f"{code} no", to="ann@example.org")
    tick(THURSDAY)
    assert failing() == []


def test_address_changed_while_the_server_made_up_its_mind_is_not_marked(mailed) -> None:
    mailed.answer("RCPT", "550 5.1.1 unknown", to="ann@example.org")
    ann = User.objects.get(email="ann@example.org")
    moments = iter([THURSDAY] * 2)

    def clock():
        now = next(moments, THURSDAY + timedelta(seconds=20))
        if now > THURSDAY and ann.email == "ann@example.org":
            changed = change_address(user=ann, email="ann@new.example", now=now)
            ann.email = changed.email
        return now

    delivery.run(clock=clock)

    assert Prompt.objects.filter(reason="address_refused").count() == 1
    assert (failing(), ann.email) == ([], "ann@new.example")


# The mark


def test_mark_is_of_the_account_and_so_of_all_that_it_takes_part_in(ann) -> None:
    other = enrolled(user=ann.user, weekday=5)
    fails(ann)
    tick(at("2026-01-09 19:01"))
    assert told(row(other, "session", 1)) == "skipped address_failed"


def test_mark_is_set_once(ann) -> None:
    assert addresses.mark_failed(enrolment=ann.pk, mailed_at=MONDAY, now=THURSDAY)
    assert not addresses.mark_failed(enrolment=ann.pk, mailed_at=MONDAY, now=SECOND)
    assert failing() == [("ann@example.org", THURSDAY)]


def test_mark_goes_with_a_new_address_and_stays_with_the_same(ann) -> None:
    fails(ann)
    change_address(user=ann.user, email="ann@example.org", now=THURSDAY)
    assert failing() == [("ann@example.org", MONDAY)]

    change_address(user=ann.user, email="ann@new.example", now=THURSDAY)
    assert failing() == []


@pytest.mark.parametrize(
    ("written", "forms"),
    [
        (" Ann@Example.ORG ", {"ann@example.org"}),
        ("ann@bücher.example", {"ann@bücher.example", "ann@xn--bcher-kva.example"}),
        ("ann@xn--bcher-kva.example", {"ann@bücher.example", "ann@xn--bcher-kva.example"}),
        ("ann@xn--\ud800", {"ann@xn--\ud800"}),
        ("ann@..", {"ann@.."}),
        ("ann", {"@ann"}),
        ("", {"@"}),
    ],
)
def test_spellings_of_an_address(written, forms) -> None:
    assert addresses.spellings(written) == forms
