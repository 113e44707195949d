"""The moment of which an export tells, and which people are in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from participants.models import Enrolment
from participants.models.enrolment import EnrolmentQuerySet
from studies.models import Study

# A zip can say no date before 1980; no study here began before this one.
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


class NoCut(Exception):
    """The moment asked for cannot be one; `message` says why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, kw_only=True)
class Cut:
    """`until` is in UTC, a whole second. Arms are left out without `with_arm`, test people without
    `with_test`.
    """

    study: Study
    until: datetime
    with_test: bool = False
    with_arm: bool = False


def moment(given: str, *, now: datetime) -> datetime:
    """ISO 8601, as 2026-10-25T09:00Z; in UTC and to the second. Raises NoCut."""
    no_moment = NoCut(
        _("“%(given)s” is no moment. Write one like 2026-10-25T09:00Z.") % {"given": given}
    )
    try:
        at = parse_datetime(given)
        if at is None:
            raise no_moment
        if at.tzinfo is None:
            said = _("“%(given)s” says no time zone. Write it like 2026-10-25T09:00Z, in UTC.")
            raise NoCut(said % {"given": given})
        return whole(at.astimezone(UTC), now=now)
    except (ValueError, OverflowError) as error:
        raise no_moment from error


def whole(at: datetime, *, now: datetime) -> datetime:
    """The second that `at` lies in. Raises NoCut for one that is still to come, or too long ago."""
    if at < _FIRST:
        raise NoCut(_("There was nothing to export then. Choose a day in 2000 or later."))
    if at > now:
        raise NoCut(_("This moment is still to come. Choose one that has passed."))
    return at.astimezone(UTC).replace(microsecond=0)


def recorded(cut: Cut, path: str = "") -> Q:
    """Whose records are in the files: rows of a person that is found along `path`.

    Of those whose records were deleted on request there is the line in enrolments.csv alone.
    """
    return _of_study(cut, path) & Q(**{f"{path}erasure_requested_at__isnull": True})


def people(cut: Cut) -> EnrolmentQuerySet:
    """Everyone who was here by then: invited, or with their consent recorded.

    Consent taken elsewhere has the date of its taking, which lies before we heard of it; that was
    with their invitation's row.
    """
    arrived = Coalesce("invitation__invited_at", "consented_at")
    everyone = Enrolment.objects.alias(arrived_at=arrived).filter(arrived_at__lte=cut.until)
    return everyone.filter(_of_study(cut))


def _of_study(cut: Cut, path: str = "") -> Q:
    theirs = Q(**{f"{path}study": cut.study})
    return theirs if cut.with_test else theirs & Q(**{f"{path}is_test": False})
