"""However many are invited, a cohort's sessions do not wait for them."""

from datetime import timedelta

import pytest

from participants.inviting import Invitee
from scheduling import delivery, lane, services
from scheduling.models import Prompt
from scheduling.watch import mail_health
from tests.factories.scheduling import MONDAY, enrolled
from tests.factories.studies import StudyFactory
from tests.scheduling.lives import DAY, at

pytestmark = pytest.mark.django_db

THURSDAY = at("2026-01-08 19:00")


def people(count: int, name: str = "p") -> list[Invitee]:
    return [Invitee(address=f"{name}{number}@example.org") for number in range(count)]


def due(*kinds: str) -> list:
    rows = Prompt.objects.filter(kind__in=kinds).order_by("due_at", "pk")
    return list(rows.values_list("due_at", flat=True))


def test_a_few_go_at_once() -> None:
    services.invite(study=StudyFactory(), invitees=people(25), by=None, now=MONDAY)
    assert due("invitation") == [MONDAY] * 25


def test_many_go_sixty_every_quarter_of_a_minute() -> None:
    services.invite(study=StudyFactory(), invitees=people(130), by=None, now=MONDAY)
    steps = [MONDAY + step * timedelta(seconds=15) for step in (0, 1, 2)]
    assert due("invitation") == [steps[0]] * 60 + [steps[1]] * 60 + [steps[2]] * 10
    assert due("reminder") == [each + 7 * DAY for each in due("invitation")]


def test_a_second_upload_goes_behind_the_first_also_of_another_study() -> None:
    services.invite(study=StudyFactory(), invitees=people(100), by=None, now=MONDAY)
    services.invite(study=StudyFactory(), invitees=people(100, "q"), by=None, now=MONDAY)
    busiest = max(due("invitation").count(each) for each in due("invitation"))
    assert busiest == 60
    assert len(set(due("invitation"))) == 4


def test_an_upload_after_a_quiet_time_begins_at_once() -> None:
    services.invite(study=StudyFactory(), invitees=people(100), by=None, now=MONDAY)
    services.invite(study=StudyFactory(), invitees=people(100, "q"), by=None, now=MONDAY + DAY)
    assert due("invitation")[100] == MONDAY + DAY


def test_fifty_thousand_take_under_four_hours() -> None:
    last = list(lane.spread(50_000, begin=MONDAY))[-1]
    assert timedelta(hours=3) < last - MONDAY < timedelta(hours=4)


def test_a_cohort_waits_behind_no_more_than_sixty(mailoutbox) -> None:
    """Invited a minute before its hour, 600 people; all sessions go in the first round."""
    cohort = [enrolled(user__email=f"cohort{number}@example.org") for number in range(5)]
    Prompt.objects.exclude(kind="session").filter(due_at__lte=THURSDAY).update(
        state="skipped", settled_at=MONDAY
    )
    before = THURSDAY - timedelta(seconds=61)
    services.invite(study=StudyFactory(), invitees=people(600), by=None, now=before)
    for seconds in range(-60, 1, 15):
        now = THURSDAY + timedelta(seconds=seconds)
        report = delivery.run(clock=lambda now=now: now)
        assert report.sent <= 65
    sent = Prompt.objects.filter(kind="session", state="sent")
    assert {each.enrolment for each in sent} == set(cohort)
    assert Prompt.objects.planned().filter(kind="invitation").count() == 300
    assert mail_health(THURSDAY).due_not_sent == 0


def test_while_mail_stood_still_invitations_take_no_session_more_than_their_own_share(
    mailoutbox,
) -> None:
    """What stood for ten minutes goes by its time: sessions among it are not behind all of it."""
    enrolled(user__email="cohort@example.org")
    Prompt.objects.exclude(kind="session").filter(due_at__lte=THURSDAY).update(
        state="skipped", settled_at=MONDAY
    )
    services.invite(study=StudyFactory(), invitees=people(1200), by=None, now=THURSDAY)
    later = THURSDAY + timedelta(minutes=10)
    delivery.run(clock=lambda: later, limit=61)
    (session,) = Prompt.objects.filter(kind="session", state="sent")
    assert session.sent_at == later
