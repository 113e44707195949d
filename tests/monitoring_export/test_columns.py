"""How each kind of value is written, and what the codebook says of it."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.export import codebook, writing
from monitoring.export.columns import (
    Column,
    Type,
    boolean,
    category,
    clock,
    day,
    integer,
    liner,
    moment,
    neutral,
    number,
    reads_of,
    text,
)
from monitoring.export.cut import Cut
from monitoring.export.files import FILES
from studies.models import Study
from tests.monitoring_export.world import CUT, Lines, lines_of

CUT_WITH_ALL = Cut(study=Study(slug="calm"), until=CUT, with_test=True, with_arm=True)


def written(column: Column, *values: Any) -> str:
    return column.write(*values)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        (text("x", ""), ("plain",), "plain"),
        (text("x", ""), (None,), ""),
        (text("x", ""), ("",), ""),
        (boolean("x", ""), (True,), "true"),
        (boolean("x", ""), (False,), "false"),
        (boolean("x", ""), (None,), ""),
        (integer("x", "", unit="weeks"), (0,), "0"),
        (integer("x", "", unit="weeks"), (None,), ""),
        (number("x", "", unit="hours"), (-2.5,), "-2.5"),
        (number("x", "", unit="hours"), (0.0,), "0.0"),
        (number("x", "", unit="hours"), (None,), ""),
        (day("x", ""), (date(2026, 1, 2),), "2026-01-02"),
        (day("x", ""), (None,), ""),
        (category("x", "", {"a": "A"}), ("a",), "a"),
        (category("x", "", {"a": "A"}), ("",), ""),
        (category("x", "", {"a": "A"}), (None,), ""),
        (clock("x", "", reads=("d", "t")), (date(2026, 1, 2), time(7, 5)), "2026-01-02T07:05:00"),
        (clock("x", "", reads=("d", "t")), (None, time(7, 5)), ""),
    ],
)
def test_value_is_written_as_its_kind_is(
    column: Column, values: tuple[Any, ...], expected: str
) -> None:
    assert written(column, *values) == expected


def test_moment_is_two_columns_in_utc_and_on_the_clock_of_the_zone() -> None:
    utc, local = moment("at", "It was.", until=None)
    when = datetime(2026, 7, 1, 8, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))

    assert (utc.name, local.name) == ("at_utc", "at_local")
    assert written(utc, when) == "2026-07-01T06:00:00Z"
    assert written(local, when, "Europe/London") == "2026-07-01T07:00:00"
    assert written(local, when, "Nowhere/Nothing") == "2026-07-01T06:00:00"
    assert [written(utc, None), written(local, None, "Europe/London")] == ["", ""]


@pytest.mark.parametrize(("later", "is_told"), [(-1, True), (0, True), (1, False)])
def test_moment_after_the_cut_is_empty(later: int, is_told: bool) -> None:
    utc, local = moment("at", "It was.", until=CUT)
    when = CUT + timedelta(seconds=later)

    assert bool(written(utc, when)) == bool(written(local, when, "UTC")) == is_told


@pytest.mark.parametrize(
    "formula",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "'x"),
        *("＝1+1", "＋1", "－1", "＠SUM(A1)", '=cmd|" /C calc"!A0', '=HYPERLINK("http://x")'),
    ],
)
def test_what_a_spreadsheet_would_run_has_a_mark_before_it(formula: str) -> None:
    assert neutral(formula) == "'" + formula


@pytest.mark.parametrize("words", ["", " ", "1+1", "a=b", "K7P-4MD", "it’s", "2026-01-01"])
def test_other_words_stay_as_they_are(words: str) -> None:
    assert neutral(words) == words


@given(st.text())
def test_taking_one_mark_away_gives_back_every_text(words: str) -> None:
    assert neutral(words).removeprefix("'") == words or neutral(words) == words
    assert (neutral(words)[:1] == "'") == (neutral(words) != words)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_csv_gives_back_what_was_written(rows: list[list[str]]) -> None:
    content = b"".join(writing.pieces(["a", "b"], rows)).decode()

    assert list(csv.reader(io.StringIO(content, newline=""))) == [["a", "b"], *rows]
    assert content.endswith("\r\n")


def test_line_is_written_whatever_the_order_of_what_was_read() -> None:
    columns = [text("a", ""), *moment("at", "", until=None), text("zone", "")]
    names = reads_of(columns)
    line = liner(columns, names)

    assert names == ["a", "at", "zone"]
    assert line(("x", datetime(2026, 1, 1, 12, tzinfo=UTC), "Asia/Tokyo")) == [
        *("x", "2026-01-01T12:00:00Z", "2026-01-01T21:00:00", "Asia/Tokyo")
    ]


# The codebook


@pytest.fixture
def book() -> Lines:
    lines = codebook.lines(CUT_WITH_ALL)
    return lines_of(b"".join(writing.pieces(codebook.HEADER, lines)))


def test_codebook_names_every_column_of_every_file_in_its_order(book: Lines) -> None:
    assert [(line["file"], line["column"]) for line in book] == [
        (file.name, column.name) for file in FILES for column in file.columns(CUT_WITH_ALL)
    ]


def test_codebook_gives_each_a_meaning_and_a_type_it_explains(book: Lines) -> None:
    assert [line for line in book if len(line["meaning"]) < 5 or "\n" in line["meaning"]] == []
    assert {line["type"] for line in book} == {each.value for each in Type}


def test_codebook_gives_values_where_there_are_categories_and_only_there(book: Lines) -> None:
    assert [line for line in book if (line["type"] == "category") != bool(line["values"])] == []


def test_no_value_or_label_has_what_stands_between_them() -> None:
    values = [
        words
        for file in FILES
        for column in file.columns(CUT_WITH_ALL)
        for pair in column.values.items()
        for words in pair
    ]
    assert [words for words in values if " | " in words or " = " in words or not words] == []


def test_columns_of_one_file_have_names_of_their_own(book: Lines) -> None:
    names = [(line["file"], line["column"]) for line in book]
    assert len(names) == len(set(names))


def test_codebook_is_in_english_whoever_asks(settings: Any) -> None:
    from django.utils import translation

    from monitoring.export.making import in_english

    with translation.override("de"):
        told = in_english(lambda: list(codebook.lines(CUT_WITH_ALL)))
    assert told == list(codebook.lines(CUT_WITH_ALL))
