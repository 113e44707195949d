"""The invented people stand where their stories say, by way of the real services."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from demo import second_step
from demo.mailbox import newest
from demo.people import make_people
from demo.preparation import LONGEST_STORY
from demo.stories import EDITOR, PARTICIPANT, RESEARCHER
from demo.study import make_study
from participants.measures import summary, with_measures
from participants.models import Enrolment, Session, User
from scheduling import housekeeping
from scheduling.models import Prompt, Rhythm
from studies.models import Study
from tests.factories.courses import published_edition
from tests.services.beginnings import beginning

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 11, 15, 30, tzinfo=UTC)


@pytest.fixture
def study(mailbox: Path) -> Study:
    return beginning(_made)


def _made() -> Study:
    with time_machine.travel(NOW, tick=False):
        study = make_study(edition=published_edition(), now=NOW - LONGEST_STORY)
        make_people(study=study, now=NOW)
    return study


# Status or level of leaving; weeks open, opened, taken part in, finished; weekly mails sent.
STATES = {
    "participant": ("active", 2, 1, 1, 1, 2),
    "person-02": ("active", 0, 0, 0, 0, 0),
    "person-03": ("active", 1, 0, 0, 0, 1),
    "person-04": ("active", 1, 1, 1, 0, 1),
    "person-05": ("active", 2, 2, 2, 1, 2),
    "person-06": ("active", 4, 0, 0, 0, 4),
    "person-07": ("active", 3, 2, 2, 1, 3),
    "person-08": ("active", 3, 2, 2, 0, 3),
    "person-09": ("active", 4, 4, 4, 3, 4),
    "person-10": ("everything", 2, 1, 1, 0, 2),
    "person-12": ("active", 2, 2, 2, 1, 2),
    "person-13": ("joining", 0, 0, 0, 0, 0),
    # Person 11: what they did is deleted, and so is their address.
    "": ("erasure", 2, 0, 0, 0, 2),
}


def _state(person: Enrolment) -> tuple[str | int, ...]:
    sessions = with_measures(Session.objects.filter(enrolment=person))
    sent = Prompt.objects.filter(enrolment=person, kind="session", state=Prompt.State.SENT)
    return (
        person.withdrawal or person.status,
        sum(each.opens_at <= NOW for each in sessions),
        sum(each.opened for each in sessions),
        sum(each.took_part for each in sessions),
        sum(each.finished_at is not None for each in sessions),
        sent.count(),
    )


def _name(person: Enrolment) -> str:
    return person.user.email.partition("@")[0] if person.user else ""


def test_each_person_is_where_their_story_says(study: Study) -> None:
    housekeeping.tidy(now=NOW)
    people = Enrolment.objects.joined().select_related("user")
    assert {_name(person): _state(person) for person in people} == STATES


def test_all_but_the_one_test_person_are_counted(study: Study) -> None:
    tests = Enrolment.objects.filter(is_test=True)
    assert [_name(each) for each in tests] == ["person-12"]
    counts = summary(study)
    assert (counts.assessed, counts.excluded) == (25, 4)
    assert (counts.consented, counts.active, counts.completed) == (12, 9, 1)


def test_some_are_invited_and_one_of_them_declined(study: Study) -> None:
    asked = Enrolment.objects.filter(consented_at=None).order_by("invitation__invited_at")
    mails = Prompt.objects.filter(enrolment__in=asked, state=Prompt.State.SENT)
    assert [(_name(each), each.status, each.invitation.ending) for each in asked] == [
        ("person-15", "invited", ""),
        ("", "unjoined", "declined"),
        ("person-14", "invited", ""),
    ]
    assert sorted(mails.values_list("kind", flat=True)) == [*["invitation"] * 3, "reminder"]


def test_staff_have_a_second_step_that_needs_no_phone(study: Study) -> None:
    second_step.give_to_staff()
    second_step.give_to_staff()
    codes = second_step.codes(now=NOW)
    assert [each.email for each in codes] == [RESEARCHER, EDITOR]
    assert Authenticator.objects.count() == 2
    assert codes[0].key != codes[1].key
    later = second_step.codes(now=NOW + timedelta(seconds=30))
    assert [each.following for each in codes] == [each.now for each in later]
    assert [(each.seconds, len(each.now)) for each in codes] == [(30, 6), (30, 6)]


def test_key_taken_away_is_replaced_at_the_next_start(study: Study) -> None:
    second_step.give_to_staff()
    Authenticator.objects.filter(user__email=EDITOR).delete()
    (kept,) = second_step.codes(now=NOW)
    second_step.give_to_staff()
    again = {each.email: each.key for each in second_step.codes(now=NOW)}
    assert again[RESEARCHER] == kept.key
    assert again.keys() == {RESEARCHER, EDITOR}


def test_researcher_signs_in_with_both_codes_as_they_can_be_read(
    study: Study, mailbox: Path, client: Client, settings: Settings
) -> None:
    settings.STAFF_MFA = "required"
    second_step.give_to_staff()
    client.post("/accounts/login/", {"login": RESEARCHER})
    mailed = re.search(r"\b[A-Z]{4}-[A-Z]{4}\b", newest(1)[0].text)
    assert mailed
    client.post("/accounts/login/code/confirm/", {"code": mailed.group()})
    assert client.get("/staff/demo/").status_code == 302
    (researcher, _editor) = second_step.codes(now=timezone.now())
    client.post("/accounts/2fa/authenticate/", {"code": researcher.now})
    assert client.get("/staff/demo/enrol/").status_code == 200


def test_someone_is_having_a_break_and_someone_wants_no_mail(study: Study) -> None:
    rhythms = Rhythm.objects.select_related("enrolment__user")
    assert [_name(each.enrolment) for each in rhythms.exclude(paused_until=None)] == ["person-07"]
    assert [_name(each.enrolment) for each in rhythms.exclude(mail_off_since=None)] == ["person-08"]


def test_nothing_that_was_due_is_left_unsent(study: Study) -> None:
    assert list(Prompt.objects.due(NOW)) == []
    assert set(Prompt.objects.values_list("state", flat=True)) <= {
        "planned",
        "sent",
        "skipped",
        "cancelled",
    }


def test_each_mail_can_be_read_in_the_mailbox(mailbox: Path) -> None:
    _made()
    sent = Prompt.objects.filter(state=Prompt.State.SENT).count()
    assert len(list(mailbox.glob("*.eml"))) == sent > 40


def test_there_is_one_of_each_role(study: Study) -> None:
    roles = User.objects.filter(email__in=[PARTICIPANT, RESEARCHER, EDITOR])
    assert {
        user.email: (user.is_staff, user.studies_researched.count(), user.enrolments.count())
        for user in roles
    } == {PARTICIPANT: (False, 0, 1), RESEARCHER: (False, 1, 0), EDITOR: (True, 0, 0)}
