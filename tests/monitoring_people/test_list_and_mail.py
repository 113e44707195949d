"""What the list of people tells of mail that came back: of whom, and never from which address."""

from datetime import date

import pytest
from django.test import Client

from participants.models import Enrolment, User
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.monitoring_people.shown import main_of, people, picked, row

pytestmark = pytest.mark.django_db


def test_mail_that_comes_back_is_told_and_not_from_where(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    User.objects.filter(pk=person.user_id).update(address_failed_at=MONDAY)
    Prompt.objects.exclude(kind="session").delete()
    first = Prompt.objects.filter(occurrence=1)
    first.update(state="skipped", reason="address_failed", settled_at=MONDAY)

    told = row(researcher)

    assert picked(told, "Status", "Latest mail") == [
        "Emails come back",
        "Weekly session 1: Mail to the address comes back 8 Jan",
    ]
    assert people(researcher)[0].latest.needs_a_look
    assert "example.org" not in str(told)


def test_mail_that_came_back_is_told_of_a_person_who_is_reached_again(
    study: Study, researcher: Client
) -> None:
    person = enrolled(study=study)
    Prompt.objects.exclude(kind="session").delete()
    PromptFactory(enrolment=person, kind="welcome", sent=True, bounced_at=MONDAY)

    told = row(researcher)

    assert picked(told, "Status", "Latest mail") == [
        "Taking part",
        "Welcome, with the dates: Came back 8 Jan",
    ]


@pytest.mark.parametrize("reason", ["address_failed", "no_address"])
def test_mail_held_back_since_the_address_fails_is_marked_everywhere(
    study: Study, researcher: Client, reason: str
) -> None:
    person = enrolled(study=study)
    held = Prompt.objects.filter(kind="session", occurrence=1)
    held.update(state="skipped", reason=reason, settled_at=MONDAY)
    page = researcher.get(f"/staff/calm/people/{person.code}/")

    told = [e for day in page.context["days"] for e in day.entries if "session 1" in e.what]
    assert [(e.mark, e.what) for e in told] == [("look", "Weekly session 1: Held back")]
    assert page.context["weeks"][0].mail_needs_a_look
    assert "Held back" in main_of(page)
    assert people(researcher)[0].latest.needs_a_look


def test_mail_held_back_as_they_wished_is_told_and_needs_nobody(
    study: Study, researcher: Client
) -> None:
    enrolled(study=study)
    held = Prompt.objects.filter(kind="session", occurrence=1)
    held.update(state="skipped", reason="mail_off", settled_at=MONDAY)
    assert row(researcher)["Latest mail"] == "Weekly session 1: Emails off 8 Jan"
    assert not people(researcher)[0].latest.needs_a_look


def test_mail_that_was_called_spam_is_told(study: Study, researcher: Client) -> None:
    person = enrolled(study=study)
    welcome = Prompt.objects.filter(kind="welcome")
    PromptFactory(enrolment=person, sent=True, complained_at=MONDAY)
    Rhythm.objects.update(mail_off_since=MONDAY)
    assert row(researcher)["Status"] == "Emails off: called spam"

    Rhythm.objects.update(mail_off_since=None)
    assert row(researcher)["Status"] == "Taking part"
    assert welcome.count() == 1


def test_mail_that_comes_back_from_one_person_is_told_of_no_other(
    study: Study, researcher: Client
) -> None:
    one, other = enrolled(study=study), enrolled(study=study)
    User.objects.filter(pk=one.user_id).update(address_failed_at=MONDAY)

    told = {each.enrolment.code: each.mail_comes_back for each in people(researcher)}

    assert told == {one.code: True, other.code: False}


# Which mail is next: none of those that are known not to go


@pytest.fixture
def person(study: Study) -> Enrolment:
    """In the second week: its session is on Thursday 15 January, its reminder on the Sunday."""
    person = enrolled(study=study)
    Prompt.objects.filter(kind="welcome").delete()
    Prompt.objects.filter(occurrence=1).update(state="cancelled")
    return person


def following(researcher: Client) -> str:
    return row(researcher)["Next mail"]


def test_next_mail_is_the_next_that_is_planned(person: Enrolment, researcher: Client) -> None:
    assert following(researcher) == "Thu 15 Jan, 19:00"


@pytest.mark.parametrize("mark", ["address", "archived"])
def test_no_mail_is_next_where_none_goes(person: Enrolment, researcher: Client, mark: str) -> None:
    if mark == "address":
        User.objects.filter(pk=person.user_id).update(address_failed_at=MONDAY)
    else:
        Study.objects.update(state="archived")
    assert following(researcher) == "None"


def test_what_is_promised_is_next_though_emails_are_off(
    person: Enrolment, researcher: Client
) -> None:
    Rhythm.objects.update(mail_off_since=MONDAY)
    assert following(researcher) == "None"
    copy = PromptFactory(enrolment=person, kind="session", occurrence=3, copy=1)
    assert following(researcher) == "Thu 8 Jan, 19:00"
    Prompt.objects.filter(pk=copy.pk).delete()
    PromptFactory(enrolment=person, kind="consent_copy")
    assert following(researcher) == "Thu 8 Jan, 19:00"


def test_no_reminder_is_next_in_a_break_or_where_none_are_sent(
    person: Enrolment, researcher: Client
) -> None:
    Prompt.objects.filter(kind="session", occurrence=2).update(state="cancelled")
    assert following(researcher) == "Sun 18 Jan, 19:00"
    Rhythm.objects.update(paused_until=date(2026, 1, 19))
    assert following(researcher) == "Thu 22 Jan, 19:00"
    Rhythm.objects.update(paused_until=date(2026, 1, 18))
    assert following(researcher) == "Sun 18 Jan, 19:00"
    Study.objects.update(nudges=False)
    assert following(researcher) == "Thu 22 Jan, 19:00"


def test_list_is_sorted_by_the_mail_that_is_next(
    study: Study, person: Enrolment, researcher: Client
) -> None:
    later = enrolled(study=study, weekday=5)
    Rhythm.objects.filter(enrolment=person).update(mail_off_since=MONDAY)
    assert [each.enrolment.code for each in people(researcher)] == [later.code, person.code]
