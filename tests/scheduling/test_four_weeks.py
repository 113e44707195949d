"""Every weekly mail of fifteen people, at its right local hour, across a change of clocks."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests.scheduling import cohort, worker
from tests.services.smtp import SmtpSink

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="Celery is run with PostgreSQL")
def test_sixty_weekly_prompts_come_at_the_right_hour_through_celery(
    mail_over_smtp: SmtpSink, redis_url: str
) -> None:
    assert connection.vendor == "postgresql"
    members = cohort.join_all()
    with worker.running(redis_url) as bench:
        cohort.live_through(members, bench.tick)
    cohort.check(members, mail_over_smtp.received)


def test_sixty_weekly_prompts_come_at_the_right_hour_without_celery(
    mail_over_smtp: SmtpSink,
) -> None:
    members = cohort.join_all()
    cohort.live_through(members, lambda: call_command("send_due"))
    cohort.check(members, mail_over_smtp.received)
