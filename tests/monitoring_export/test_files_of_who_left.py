"""What is left in the files of somebody who left, or whose records were deleted."""

from datetime import timedelta
from types import SimpleNamespace

from participants.models import Enrolment
from participants.withdrawal import withdraw
from scheduling import services
from tests.monitoring_export.test_files import HOUR, line_of, of_any
from tests.monitoring_export.world import (
    CUT,
    cut,
    of,
    picked,
    tables,
)


def test_no_week_opens_to_somebody_who_has_left(lived: SimpleNamespace) -> None:
    """Gone left on Friday the 16th, a day before their second week."""
    now, later = (cut(lived.study, until=CUT + timedelta(days=days)) for days in (0, 40))
    for each in (now, later):
        assert [line["week"] for line in of(lived.gone, tables(each)["sessions"])] == ["1"]
    assert len(of(lived.ann, tables(later)["sessions"])) == 4


def test_of_somebody_deleted_only_their_line_and_their_code_are_left(
    lived: SimpleNamespace,
) -> None:
    services.leave(
        enrolment=lived.ann, level=Enrolment.Withdrawal.ERASURE, reason="", now=CUT + HOUR
    )

    found = tables(cut(lived.study))

    assert [name for name, lines in found.items() if of_any(lived.ann, lines)] == [
        "enrolments",
        "erased",
    ]
    line = line_of(lived.ann, found["enrolments"])
    assert picked(
        line, "status", "weeks", "weeks_opened", "completed_training", "last_use_utc"
    ) == [
        "active",
        *([""] * 4),
    ]
    assert line_of(lived.ann, found["erased"])["records_deleted_at_utc"] == "2026-01-20T13:00:00Z"


def test_deleted_since_is_said_by_the_readme(lived: SimpleNamespace) -> None:
    from tests.monitoring_export.world import contents

    withdraw(enrolment=lived.gone, level=Enrolment.Withdrawal.ERASURE, reason="", now=CUT + HOUR)

    text = contents(cut(lived.study))["README.txt"].decode()

    assert "the records of 1 of these codes (erased.csv)" in text
