"""The day until which a study keeps what names its people. Then nobody can tell whose a code is.

What was collected under the code stays, as the results do; see docs/withdrawal.md.
"""

from datetime import UTC, datetime

from participants.models import Enrolment
from participants.models.enrolment import EnrolmentQuerySet
from studies.models import Study


def kept_long_enough(now: datetime) -> EnrolmentQuerySet:
    """Those who joined a study whose last day has passed, and whose identity is still here.

    By the study's own calendar. Not those who asked for deletion, which waits for its confirmation
    and a day at most, nor those who are only invited, whose invitation ends (`inviting.ending`).
    """
    return (
        Enrolment.objects.joined()
        .filter(study__in=ended_studies(now))
        .filter(erased_at=None, erasure_requested_at=None)
        .order_by("pk")
    )


def ended_studies(now: datetime) -> list[Study]:
    """Those whose last day has passed."""
    ended = Study.objects.filter(retention_until__lte=now.astimezone(UTC).date())
    return [study for study in ended if study.day(now) > study.retention_until]
