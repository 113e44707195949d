"""The invented people stand where their stories say, by way of the real services."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

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

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 11, 15, 30, tzinfo=UTC)


@pytest.fixture
def study(mailbox: Path) -> Study:
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
    people = Enrolment.objects.select_related("user")
    assert {_name(person): _state(person) for person in people} == STATES


def test_all_are_test_people_and_count_nowhere(study: Study) -> None:
    assert set(Enrolment.objects.values_list("is_test", flat=True)) == {True}
    counts = summary(study)
    assert (counts.consented, counts.active, counts.completed) == (0, 0, 0)


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


def test_each_mail_can_be_read_in_the_mailbox(study: Study, mailbox: Path) -> None:
    sent = Prompt.objects.filter(state=Prompt.State.SENT).count()
    assert len(list(mailbox.glob("*.eml"))) == sent > 40


def test_there_is_one_of_each_role(study: Study) -> None:
    roles = User.objects.filter(email__in=[PARTICIPANT, RESEARCHER, EDITOR])
    assert {
        user.email: (user.is_staff, user.studies_researched.count(), user.enrolments.count())
        for user in roles
    } == {PARTICIPANT: (False, 0, 1), RESEARCHER: (False, 1, 0), EDITOR: (True, 0, 0)}
