from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone

from scheduling import spoken


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(0, 0), "midnight"),
        (time(0, 30), "12:30 at night"),
        (time(4, 59), "4:59 at night"),
        (time(5, 0), "5 in the morning"),
        (time(7, 30), "7:30 in the morning"),
        (time(11, 59), "11:59 in the morning"),
        (time(12, 0), "midday"),
        (time(12, 5), "12:05 in the afternoon"),
        (time(17, 0), "5 in the afternoon"),
        (time(18, 0), "6 in the evening"),
        (time(19, 0), "7 in the evening"),
        (time(21, 59), "9:59 in the evening"),
        (time(22, 0), "10 at night"),
        (time(23, 59), "11:59 at night"),
    ],
)
def test_an_hour_is_said_as_people_say_it(moment, words):
    assert spoken.hour(moment) == words


@time_machine.travel("2026-05-01T12:00Z")
def test_a_day_of_this_year_needs_no_year():
    assert spoken.day(date(2026, 5, 7)) == "Thursday 7 May"


@time_machine.travel("2026-12-30T12:00Z")
def test_a_day_of_another_year_says_which():
    assert spoken.day(date(2027, 1, 7)) == "Thursday 7 January 2027"


@time_machine.travel("2026-05-01T12:00Z")
def test_a_moment_is_told_on_the_persons_own_clock():
    at = datetime(2026, 5, 7, 23, 30, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert spoken.moment(at) == "Friday 8 May at 8:30 in the morning"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Europe/London", "UK time"),
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_place(name, words):
    assert spoken.zone(name) == words


@pytest.mark.parametrize(("value", "words"), [(1, "Week one"), (10, "Week ten"), (11, "Week 11")])
def test_weeks_are_numbered_in_words_as_far_as_words_help(value, words):
    assert spoken.week(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0, ""),
        (5, "1 minute"),
        (80, "1 minute"),
        (100, "2 minutes"),
        (600, "10 minutes"),
    ],
)
def test_a_length_is_told_in_whole_minutes(seconds, words):
    assert spoken.minutes(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0:00"), (252.9, "4:12"), (3600, "1:00:00"), (3725, "1:02:05")]
)
def test_a_place_in_a_medium_reads_like_a_clock(seconds, words):
    assert spoken.clock(seconds) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "1 MB"), (1_400_000, "1 MB"), (96_000_000, "96 MB")]
)
def test_a_size_is_told_in_megabytes(count, words):
    assert spoken.size(count) == words


def test_templates_say_the_same():
    page = Template("{% load spoken %}{{ at|hour }}, {{ 2|week_inside }}, {{ 2|week_word }}")
    assert page.render(Context({"at": time(19, 0)})) == "7 in the evening, week two, Week two"
