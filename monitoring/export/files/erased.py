"""Whose records were deleted: what a laboratory must delete from its copies of earlier exports."""

from collections.abc import Iterator, Sequence

from django.db.models import Value

from monitoring.export.columns import Column, moment, person, text
from monitoring.export.cut import Cut
from monitoring.export.file import File, Row, read
from monitoring.export.zones import ZONE
from participants.models import Enrolment
from participants.models.enrolment import EnrolmentQuerySet


def columns(cut: Cut) -> list[Column]:
    about = "Asked for deletion, and the records were deleted."
    return [
        *person(),
        *moment("records_deleted_at", about, of="erasure_requested_at", until=None),
        text(ZONE, "Time zone of this line’s local times: the study’s own."),
    ]


def erased(cut: Cut) -> EnrolmentQuerySet:
    """Until today, and not until the cut: what is gone is gone from an earlier cut as well."""
    gone = Enrolment.objects.filter(study=cut.study, erasure_requested_at__isnull=False)
    return gone if cut.with_test else gone.filter(is_test=False)


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    zone = Value(cut.study.default_zone)
    return read(erased(cut).annotate(zone=zone).order_by("pk"), names, person="")


ERASED = File(
    name="erased.csv",
    about="Codes whose records were deleted on request, up to the day this was made, also after "
    "the cut. Delete them from every copy of an earlier export.",
    columns=columns,
    rows=rows,
)
