"""The dates as a calendar file."""

import re

import pytest

from scheduling import calendar
from studies.models import Study
from tests.factories.scheduling import enrolled

pytestmark = pytest.mark.django_db


def test_every_week_is_an_event_at_its_instant_with_a_neutral_name() -> None:
    ann = enrolled(zone="Asia/Kolkata", time="06:30")
    ics = calendar.dates_ics(ann)
    assert re.findall(r"DTSTART:(\S+)", ics) == [
        "20260108T010000Z",
        "20260115T010000Z",
        "20260122T010000Z",
        "20260129T010000Z",
    ]
    assert re.findall(r"SUMMARY:(.+)\r", ics) == [
        f"Weekly session\\, week {week}" for week in range(1, 5)
    ]
    assert len(set(re.findall(r"UID:(\S+)", ics))) == 4
    assert ann.code not in ics
    assert ann.study.public_name not in ics
    assert ann.user.email not in ics


def test_the_file_is_the_same_until_a_date_moves() -> None:
    ann = enrolled()
    assert calendar.dates_ics(ann) == calendar.dates_ics(ann)


def test_lines_end_and_fold_as_the_standard_has_it() -> None:
    ann = enrolled()
    Study.objects.update(neutral_name="Grüße; jede Woche, immer wieder, " + "ü" * 40)
    ann.study.refresh_from_db()
    ics = calendar.dates_ics(ann)
    assert ics.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    assert ics.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in ics.split("\r\n"))
    unfolded = ics.replace("\r\n ", "")
    assert f"SUMMARY:Grüße\\; jede Woche\\, immer wieder\\, {'ü' * 40}\\, week 1" in unfolded
