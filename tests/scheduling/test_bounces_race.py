"""Two who say the same of one address at once, and a complaint while a day is being chosen."""

from datetime import time

import pytest

from participants.models import User
from scheduling import bounces, delivery, services
from scheduling.models import Prompt, Rhythm
from tests.factories.participants import EnrolmentFactory, UserFactory
from tests.factories.scheduling import MONDAY
from tests.scheduling.lives import tick, told
from tests.scheduling.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def copy(mailoutbox) -> Prompt:
    """Of what someone agreed to, who has not chosen a day yet; sent."""
    ann = EnrolmentFactory(user=UserFactory(email="ann@example.org"))
    copy = services.write_now(enrolment=ann, kind="consent_copy", now=MONDAY)
    tick(MONDAY)
    assert told(copy) == "sent"
    return copy


@pytest.mark.parametrize("round_", range(4))
def test_what_is_owed_is_written_once_however_many_say_that_mail_arrives(
    copy, mailoutbox, round_
) -> None:
    bounces.bounced(prompt=copy, recipient="ann@example.org", is_dead=True, now=MONDAY)
    user = User.objects.get()

    at_once(*[lambda: bounces.works_again(user=user, now=MONDAY)] * 4)

    delivery.run(clock=lambda: MONDAY)
    assert [each.subject for each in mailoutbox] == ["Your copy of what you agreed"] * 2


@pytest.mark.parametrize("round_", range(6))
def test_complaint_in_the_moment_of_choosing_a_day_is_not_lost(copy, round_) -> None:
    at_once(
        lambda: services.choose_day(
            enrolment=copy.enrolment,
            weekday=4,
            local_time=time(19),
            zone="Europe/London",
            now=MONDAY,
        ),
        lambda: bounces.complained(prompt=copy, recipient="ann@example.org", now=MONDAY),
    )
    assert Rhythm.objects.get().mail_off_since == MONDAY
