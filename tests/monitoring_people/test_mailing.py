"""Sending a mail again, and marking one as sent of which nobody knew."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from participants.models import Enrolment, User
from scheduling import prompts, services
from scheduling.models import Prompt, Rhythm, Wording
from studies.models import Study
from tests.factories.participants import EnrolmentFactory, invited
from tests.factories.scheduling import MONDAY, PromptFactory, WordingFactory, enrolled
from tests.monitoring_people.acting import address, do, recorded, said, see, told, was_done
from tests.monitoring_people.conftest import NOW
from tests.scheduling.lives import at, live, row, tick
from tests.scheduling.lives import told as state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(study: Study) -> Enrolment:
    """Their welcome and their first session went."""
    person = enrolled(study=study, user__email="ann@example.org")
    live(MONDAY, at("2026-01-09 00:00"))
    return person


def offered(client: Client, person: Enrolment, action: str = "send-again") -> list[str]:
    """What there is to choose; nothing where the action leads back."""
    response = client.get(address(person, action))
    if response.status_code == 302:
        return []
    form = response.context.get("asking") or response.context["form"]
    return [words for _value, words in form.fields["one"].choices]


def unconfirmed(person: Enrolment, kind: str = "consent_copy") -> Prompt:
    """Tried on Monday morning; the connection was lost at the last moment."""
    prompt = PromptFactory(enrolment=person, kind=kind, due_at=MONDAY, next_attempt_at=MONDAY)
    if not Wording.objects.filter(study=person.study, kind=kind).exists():
        WordingFactory(study=person.study, kind=kind)
    wording = Wording.objects.in_use(person.study_id, kind)
    prompts.begin(prompt, wording=wording, message_id=f"<{uuid4()}@example.org>", now=MONDAY)
    prompts.unconfirmed(prompt, reason=Prompt.Reason.NO_ANSWER)
    return prompt


# Again


def test_mails_that_went_are_offered_the_newest_first(manager: Client, person: Enrolment) -> None:
    assert offered(manager, person) == [
        "Weekly session 1: Sent, Thu 8 Jan, 21:01",
        "Welcome, with the dates: Sent, Mon 5 Jan, 09:01",
    ]


def test_mail_goes_once_more_as_shown(manager: Client, person: Enrolment, mailoutbox: list) -> None:
    first = row(person, "session", 1)
    tick(NOW)
    before = len(mailoutbox)
    page = see(manager, person, "send-again", one=first.pk)
    assert "“Weekly session 1” goes once more, within a minute" in said(page)
    assert "What became of the earlier one stays as it is: Sent." in said(page)
    assert "They may have had it already, and then get it twice." in said(page)
    assert not Prompt.objects.filter(copy=1).exists()

    assert was_done(do(manager, person, "send-again", one=first.pk), person)
    assert recorded(person) == [
        ("send_again", "They rang", {"mail": "session", "week": 1, "copy": 1})
    ]
    assert told(manager, person) == ["“Weekly session 1, again” goes within a minute."]
    tick(NOW + timedelta(minutes=1))
    assert [mail.to for mail in mailoutbox[before:]] == [["ann@example.org"]]
    assert (state_of(first), state_of(row(person, "session", 1, 1))) == ("sent", "sent")


def test_mail_on_its_way_is_not_sent_again(manager: Client, person: Enrolment) -> None:
    """Pressed twice, or by two at once, it goes once."""
    first = row(person, "session", 1)
    page = see(manager, person, "send-again", one=first.pk)
    assert was_done(do(manager, person, "send-again", page, one=first.pk), person)
    assert not was_done(do(manager, person, "send-again", page, one=first.pk), person)
    assert Prompt.objects.filter(kind="session", occurrence=1).count() == 2
    assert len(recorded(person)) == 1
    assert offered(manager, person) == ["Welcome, with the dates: Sent, Mon 5 Jan, 09:01"]


@pytest.mark.parametrize("one", ["", "0", "x", "999999", "-1", "\x00"])
def test_mail_that_is_not_offered_is_asked_for_again(
    manager: Client, person: Enrolment, one: str
) -> None:
    assert "Choose one of these." in said(see(manager, person, "send-again", one=one))
    assert not was_done(do(manager, person, "send-again", one=one), person)
    assert not Prompt.objects.filter(copy__gt=0).exists()


def test_mail_of_another_person_is_not_offered(
    study: Study, manager: Client, person: Enrolment
) -> None:
    other = enrolled(study=study)
    live(MONDAY, at("2026-01-09 00:00"))
    theirs = row(other, "session", 1)
    assert "Choose one of these." in said(see(manager, person, "send-again", one=theirs.pk))


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        ("mail_off_since", "Their emails are off. This one goes all the same."),
        ("paused_until", "They are having a break. This one goes all the same."),
    ],
)
def test_what_was_switched_off_is_said_beside_it(
    manager: Client, person: Enrolment, mark: str, sentence: str
) -> None:
    value = NOW if mark == "mail_off_since" else (NOW + timedelta(days=9)).date()
    Rhythm.objects.update(**{mark: value})
    first = row(person, "session", 1)
    assert sentence in said(see(manager, person, "send-again", one=first.pk))
    do(manager, person, "send-again", one=first.pk)
    tick(NOW + timedelta(minutes=1))
    assert state_of(row(person, "session", 1, 1)) == "sent"


def test_nothing_is_offered_to_an_address_that_mail_comes_back_from(
    manager: Client, person: Enrolment
) -> None:
    User.objects.filter(pk=person.user_id).update(address_failed_at=NOW)
    assert offered(manager, person) == []


def test_mail_that_was_kept_back_is_offered_once_mail_arrives_again(
    study: Study, manager: Client
) -> None:
    person = enrolled(study=study)
    User.objects.filter(pk=person.user_id).update(address_failed_at=MONDAY)
    live(MONDAY, at("2026-01-09 00:00"))
    User.objects.filter(pk=person.user_id).update(address_failed_at=None)
    first = row(person, "session", 1)
    assert state_of(first) == "skipped address_failed"
    assert was_done(do(manager, person, "send-again", one=first.pk), person)


@pytest.mark.parametrize("has_day", [True, False])
def test_mail_that_asks_for_a_day_is_offered_to_who_has_none(
    study: Study, manager: Client, has_day: bool
) -> None:
    person = (enrolled if has_day else EnrolmentFactory)(study=study)
    PromptFactory(enrolment=person, kind="elsewhere", due_at=MONDAY, state="failed")
    assert len(offered(manager, person)) == (0 if has_day else 1)


def test_reminders_are_never_sent_again(manager: Client, person: Enrolment) -> None:
    live(at("2026-01-11 00:00"), NOW)
    assert row(person, "nudge", 1).state == "sent"
    assert [each for each in offered(manager, person) if "reminder" in each] == []


def test_nothing_weekly_is_offered_to_who_left_but_what_is_owed(
    manager: Client, person: Enrolment
) -> None:
    services.leave(enrolment=person, level="training", reason="", now=NOW)
    tick(NOW + timedelta(minutes=1))
    assert offered(manager, person) == ["Withdrawal confirmed: Sent, Mon 12 Jan, 12:01"]


def test_nothing_weekly_is_offered_of_an_archived_study(manager: Client, person: Enrolment) -> None:
    Study.objects.update(state="archived")
    assert offered(manager, person) == []


@pytest.mark.parametrize(
    ("state", "is_offered"),
    [("failed", True), ("missed", True), ("sent", False), ("unconfirmed", False)],
)
def test_invitation_is_asked_twice_only_where_the_first_did_not_go(
    study: Study, manager: Client, state: str, is_offered: bool
) -> None:
    person = invited(study=study)
    traits = {"sent": True} if state == "sent" else {"state": state}
    PromptFactory(enrolment=person, kind="invitation", **traits)
    assert bool(offered(manager, person)) is is_offered


# Settling


def test_unconfirmed_mail_is_marked_as_sent_at_the_moment_it_was_tried(
    study: Study, manager: Client
) -> None:
    person = EnrolmentFactory(study=study, consented_at=MONDAY)
    mail = unconfirmed(person)
    page = manager.get(address(person, "settle"))
    assert "counts as sent from then on, at 09:00 on Monday 5 January (Europe/London)." in said(
        page
    )
    assert "Nothing goes out." in said(page)
    assert state_of(mail) == "unconfirmed no_answer"

    assert was_done(do(manager, person, "settle", page, one=mail.pk), person)
    mail.refresh_from_db()
    assert (mail.state, mail.sent_at, mail.settled_at) == ("sent", MONDAY, NOW)
    assert recorded(person) == [
        ("settle", "They rang", {"mail": "consent_copy", "week": 0, "copy": 0})
    ]
    assert offered(manager, person, "settle") == []


def test_mail_that_was_settled_meanwhile_by_its_link_is_left_alone(
    study: Study, manager: Client
) -> None:
    person = EnrolmentFactory(study=study, consented_at=MONDAY)
    mail = unconfirmed(person)
    other = unconfirmed(person, "welcome")
    page = see(manager, person, "settle", one=mail.pk)
    prompts.settle_by_link(mail, now=NOW - timedelta(minutes=1))

    assert not was_done(do(manager, person, "settle", page, one=mail.pk), person)
    assert recorded(person) == []
    assert offered(manager, person, "settle") == [
        "Welcome, with the dates: Unconfirmed, Mon 5 Jan, 09:00"
    ]
    assert state_of(other) == "unconfirmed no_answer"


def test_unconfirmed_mail_can_be_sent_again_instead(study: Study, manager: Client) -> None:
    person = EnrolmentFactory(study=study, consented_at=MONDAY)
    mail = unconfirmed(person)
    page = see(manager, person, "send-again", one=mail.pk)
    assert "They may have had it already, and then get it twice." in said(page)
    assert was_done(do(manager, person, "send-again", page, one=mail.pk), person)
    assert state_of(mail) == "unconfirmed no_answer"
    assert row(person, "consent_copy", copy=1).state == "planned"
