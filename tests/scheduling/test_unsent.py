"""Invitations whose mail never goes: the study took nobody any more before their turn came."""

from datetime import timedelta
from typing import Any

import pytest

from participants.inviting import Invitee, Standing, standing
from participants.measures import summary
from participants.models import DoNotInvite, Enrolment, User
from scheduling import delivery, housekeeping, lane, prompts, services, unsent
from scheduling.models import Prompt
from studies.models import Study
from studies.services import archive_study, close_study
from tests.factories.participants import EnrolmentFactory
from tests.factories.scheduling import MONDAY
from tests.factories.studies import StudyFactory
from tests.scheduling.lives import DAY, live, row, tick, told

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(minutes=10)


@pytest.fixture
def study(db: None) -> Study:
    return StudyFactory()


@pytest.fixture
def people(study: Study, monkeypatch: pytest.MonkeyPatch) -> list[Enrolment]:
    """Two whose mail goes now, and two whose turn is in a quarter of an hour."""
    monkeypatch.setattr(lane, "AT_ONCE", 1)
    monkeypatch.setattr(lane, "EACH_STEP", 2)
    monkeypatch.setattr(lane, "STEP", timedelta(minutes=15))
    people = [Invitee(address=f"{name}@example.org") for name in ("ann", "bob", "cid", "dee")]
    invited = services.invite(study=study, invitees=people, by=None, now=MONDAY)
    tick(MONDAY)
    return invited


def become(people: list[Enrolment]) -> list[tuple[str, str]]:
    """Where each stands, and how their invitation ended."""
    for each in people:
        each.refresh_from_db()
    return [(each.status, each.invitation.ending) for each in people]


def addresses() -> list[str]:
    return sorted(user.email for user in User.objects.all())


INVITED, NEVER_SENT = ("invited", ""), ("unjoined", "not_sent")
SENT = ["ann@example.org", "bob@example.org"]


@pytest.mark.parametrize("end", [close_study, archive_study])
def test_who_was_not_written_to_when_the_study_closed_is_forgotten_at_once(
    study: Study, people: list[Enrolment], end: Any, mailoutbox: list
) -> None:
    end(study=study)
    tick(LATER)

    assert become(people) == [INVITED] * 2 + [NEVER_SENT] * 2
    assert addresses() == SENT
    for each in people[2:]:
        assert (each.user, each.erased_at, each.invitation.ended_at) == (None, LATER, LATER)
        assert told(row(each, "invitation")) == "skipped study_closed"
        assert told(row(each, "reminder")) == "skipped no_invitation"
    assert told(row(people[0], "reminder")) == "planned"
    assert [summary(study).invited, summary(study).unjoined] == [2, 2]
    live(LATER, LATER + 20 * DAY)
    assert [mail.to for mail in mailoutbox] == [[each] for each in SENT]


def test_who_was_never_written_to_can_be_invited_once_it_is_open_again(
    study: Study, people: list[Enrolment]
) -> None:
    close_study(study=study)
    tick(LATER)
    Study.objects.update(state="recruiting")

    assert not DoNotInvite.objects.exists()
    asked = ["ann@example.org", "dee@example.org"]
    assert list(standing(study, asked).values()) == [Standing.INVITED, Standing.FREE]


def test_study_closed_and_opened_between_two_ticks_goes_on_with_its_list(
    study: Study, people: list[Enrolment], mailoutbox: list
) -> None:
    close_study(study=study)
    Study.objects.update(state="recruiting")
    tick(LATER)
    tick(MONDAY + timedelta(minutes=15))
    assert (become(people), len(mailoutbox)) == ([INVITED] * 4, 4)


def test_who_is_not_known_to_have_no_mail_is_asked_like_who_has_one(
    study: Study, people: list[Enrolment]
) -> None:
    """It is on its way, or may have arrived. Of one that was refused it is known."""
    sending, unconfirmed = (row(each, "invitation") for each in people[2:])
    for mail in (sending, unconfirmed):
        wording = row(people[0], "invitation").wording
        prompts.begin(mail, wording=wording, message_id="<1@example.org>", now=LATER)
    prompts.unconfirmed(unconfirmed, reason=Prompt.Reason.NO_ANSWER)
    close_study(study=study)

    housekeeping.tidy(now=LATER)
    assert become(people) == [INVITED] * 4

    prompts.failed(sending, reason=Prompt.Reason.MAIL_REFUSED, now=LATER)
    housekeeping.tidy(now=LATER)
    assert become(people) == [INVITED, INVITED, NEVER_SENT, INVITED]


def full(study: Study) -> str:
    EnrolmentFactory(study=study, user__email="zoe@example.org")
    Study.objects.update(capacity=1)
    return "study_full"


def run_out(study: Study) -> str:
    Study.objects.update(recruiting_until=MONDAY + timedelta(minutes=1))
    return "study_closed"


@pytest.mark.parametrize("happened", [full, run_out])
def test_while_nobody_can_join_each_is_forgotten_when_their_turn_comes(
    study: Study, people: list[Enrolment], happened: Any, mailoutbox: list
) -> None:
    """Not before: room may be made, and then they are written to as planned."""
    reason = happened(study)
    tick(LATER)
    assert become(people) == [INVITED] * 4

    tick(MONDAY + timedelta(minutes=15))
    assert become(people) == [INVITED] * 2 + [NEVER_SENT] * 2
    assert [told(row(each, "invitation")) for each in people[2:]] == [f"skipped {reason}"] * 2
    assert told(row(people[2], "reminder")) == "skipped no_invitation"
    assert "cid@example.org" not in addresses()
    assert len(mailoutbox) == 2


def test_room_that_is_made_before_their_turn_lets_their_mail_go(
    study: Study, people: list[Enrolment], mailoutbox: list
) -> None:
    full(study)
    tick(LATER)
    Study.objects.update(capacity=2)
    tick(MONDAY + timedelta(minutes=15))
    assert (become(people), len(mailoutbox)) == ([INVITED] * 4, 4)


def test_what_was_passed_over_is_forgotten_when_there_is_room_again_too(
    study: Study, people: list[Enrolment]
) -> None:
    """It would never be sent."""
    full(study)
    delivery.run(clock=lambda: MONDAY + timedelta(minutes=15), limit=200)
    Study.objects.update(capacity=2)
    tick(MONDAY + timedelta(minutes=16))
    assert become(people)[2:] == [NEVER_SENT] * 2


def test_who_agreed_elsewhere_or_joined_is_none_of_them(study: Study) -> None:
    joined = EnrolmentFactory(study=study)
    close_study(study=study)
    assert (unsent.end_unsent(now=LATER), unsent.not_written_to().count()) == (0, 0)
    joined.refresh_from_db()
    assert joined.status == "joining"


def test_many_are_forgotten_a_part_at_a_time(study: Study) -> None:
    people = [Invitee(address=f"{number}@example.org") for number in range(501)]
    services.invite(study=study, invitees=people, by=None, now=MONDAY)
    close_study(study=study)
    assert [unsent.end_unsent(now=LATER) for _turn in range(3)] == [500, 1, 0]
    assert not User.objects.exists()
    assert not Prompt.objects.planned().exists()
