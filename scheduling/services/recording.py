"""The record of a change, beside the change itself."""

from datetime import date, datetime

from scheduling.models import PlanChange, Rhythm


def record(
    rhythm: Rhythm,
    kind: PlanChange.Kind,
    *,
    by: PlanChange.By,
    now: datetime,
    until: date | None = None,
) -> None:
    """Within the caller's transaction; `rhythm` as it stands from now on."""
    PlanChange.objects.create(
        enrolment_id=rhythm.enrolment_id,
        kind=kind,
        by=by,
        at=now,
        weekday=rhythm.weekday,
        local_time=rhythm.local_time,
        zone=rhythm.zone,
        until=until,
    )
