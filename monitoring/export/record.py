"""Who exported which cut. Written down when it begins, and again when all has been given out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from monitoring.export.cut import Cut
from monitoring.models import StaffAction
from participants.models import User
from studies.models import Study

_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """`rows` by file; None where it was broken off, or goes on. `by_id` is None for the command."""

    at: datetime
    until: datetime | None
    with_test: bool
    with_arm: bool
    by_id: int | None
    rows: dict[str, int] | None

    @property
    def total(self) -> int:
        return sum((self.rows or {}).values())


def began(cut: Cut, *, by: User | None, now: datetime) -> StaffAction:
    """Before the first byte: also what is broken off has been given out as far as it went."""
    details = {
        "until": cut.until.isoformat(),
        "with_test": cut.with_test,
        "with_arm": cut.with_arm,
    }
    return _action(cut.study, by, details, now)


def ended(begun: StaffAction, *, rows: Mapping[str, int], now: datetime) -> StaffAction:
    return _action(begun.study, begun.by, {"export": begun.pk, "rows": dict(rows)}, now)


def _action(study: Study, by: User | None, details: dict[str, Any], now: datetime) -> StaffAction:
    return StaffAction.objects.create(
        study=study, by=by, kind=StaffAction.Kind.EXPORT, details=details, at=now
    )


def earlier(study: Study) -> list[Earlier]:
    """The last ones, the newest first; two queries."""
    exports = StaffAction.objects.filter(study=study, kind=StaffAction.Kind.EXPORT).defer("why")
    begun = list(exports.filter(details__has_key="until").order_by("-at", "-pk")[:_SHOWN])
    ends = exports.filter(details__export__in=[each.pk for each in begun])
    rows = {each.details["export"]: each.details["rows"] for each in ends}
    return [_earlier(each, rows.get(each.pk)) for each in begun]


def _earlier(begun: StaffAction, rows: dict[str, int] | None) -> Earlier:
    return Earlier(
        at=begun.at,
        until=parse_datetime(begun.details["until"]),
        with_test=begun.details["with_test"],
        with_arm=begun.details["with_arm"],
        by_id=begun.by_id,
        rows=rows,
    )
