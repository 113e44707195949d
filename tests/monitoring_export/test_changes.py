"""changes.csv: how each plan came to stand as it stands, by the cut."""

from datetime import date, time, timedelta
from types import SimpleNamespace

from participants.models import Enrolment
from scheduling import services
from tests.monitoring_export.world import CUT, Lines, cut, go_on, of, picked, tables
from tests.scheduling.lives import at

COLUMNS = ("change", "by", "changed_at_utc", "weekday", "local_time", "break_until", "zone")


def changes(person: Enrolment, lines: Lines) -> list[list[str]]:
    return [picked(line, *COLUMNS) for line in of(person, lines)]


def test_each_change_is_a_line_on_the_clock_that_it_led_to(lived: SimpleNamespace) -> None:
    services.pause(enrolment=lived.ben, until=date(2026, 2, 3), now=CUT - timedelta(hours=1))

    lines = tables(cut(lived.study))["changes"]
    assert changes(lived.ben, lines) == [
        ["chose", "person", "2026-01-05T09:00:00Z", "5", "19:00:00", "", "Asia/Tokyo"],
        ["day", "person", "2026-01-09T12:00:00Z", "3", "07:00:00", "", "Asia/Tokyo"],
        ["pause", "person", "2026-01-20T11:00:00Z", "3", "07:00:00", "2026-02-03", "Asia/Tokyo"],
    ]
    assert of(lived.ben, lines)[1]["changed_at_local"] == "2026-01-09T21:00:00"


def test_what_was_changed_later_is_not_in_an_earlier_cut(lived: SimpleNamespace) -> None:
    before = tables(cut(lived.study))["changes"]
    go_on(lived)
    services.change_day(
        enrolment=lived.ben,
        weekday=1,
        local_time=time(8),
        zone="Asia/Tokyo",
        now=at("2026-01-21 09:00"),
    )

    assert tables(cut(lived.study))["changes"] == before


def test_who_had_their_records_deleted_has_no_line(lived: SimpleNamespace) -> None:
    services.leave(enrolment=lived.ben, level=Enrolment.Withdrawal.ERASURE, reason="", now=CUT)

    assert changes(lived.ben, tables(cut(lived.study))["changes"]) == []
