"""The plot's numbers: true to the table, however many weeks and people there are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.overview.plot import BOTTOM, LEFT, RIGHT, TOP, plot_of
from participants.measures import Week

numbers = st.integers(min_value=0, max_value=10**6)
weeks = st.lists(st.tuples(numbers, numbers, numbers), max_size=12).map(
    lambda rows: [
        Week(number=n, open=a, opened=b, took_part=c) for n, (a, b, c) in enumerate(rows, 1)
    ]
)


@given(weeks)
def test_every_bar_stands_within_the_plot_and_shows_its_number(rows: list[Week]) -> None:
    plot = plot_of(rows)
    bars = [bar for group in plot.groups for bar in group.bars]
    assert [bar.number for bar in bars] == [
        number for row in rows for number in (row.open, row.opened, row.took_part)
    ]
    for bar in bars:
        assert TOP <= bar.y <= BOTTOM
        assert bar.y + bar.height == pytest.approx(BOTTOM, abs=0.11)
        assert LEFT <= bar.x <= bar.x + bar.width <= RIGHT + 0.1
        assert bar.width > 0


@given(weeks)
def test_heights_are_to_each_other_as_the_numbers_are(rows: list[Week]) -> None:
    plot = plot_of(rows)
    top = plot.lines[-1].number
    for group in plot.groups:
        for bar in group.bars:
            assert bar.height == pytest.approx((BOTTOM - TOP) * bar.number / top, abs=0.11)


@given(weeks)
def test_no_bar_stands_upon_another(rows: list[Week]) -> None:
    bars = [bar for group in plot_of(rows).groups for bar in group.bars]
    for left, right in pairwise(bars):
        assert left.x + left.width < right.x


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        (0, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 1, 2, 3, 4, 5]),
        (6, [0, 2, 4, 6]),
        (96, [0, 20, 40, 60, 80, 100]),
        (101, [0, 50, 100, 150]),
        (100_000, [0, 20_000, 40_000, 60_000, 80_000, 100_000]),
    ],
)
def test_lines_are_at_round_numbers(most: int, steps: list[int]) -> None:
    plot = plot_of([Week(number=1, open=most, opened=0, took_part=0)])
    assert [line.number for line in plot.lines] == steps
