"""Merging the parts that were played, whatever the order and overlap of the reports."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from participants.ranges import length, merged

# Tenths of a second, as exact numbers: what is tested is the merging, not the rounding.
moments = st.integers(min_value=0, max_value=600)
parts = st.lists(st.tuples(moments, moments), max_size=12)


def seconds_of(ranges: list[tuple[int, int]]) -> set[int]:
    return {second for start, end in ranges for second in range(start, end)}


@given(parts)
def test_merged_covers_the_same_seconds(ranges: list[tuple[int, int]]) -> None:
    result = merged(ranges)
    assert seconds_of([(int(start), int(end)) for start, end in result]) == seconds_of(ranges)
    assert length(result) == len(seconds_of(ranges))


@given(parts)
def test_merged_are_sorted_and_do_not_touch(ranges: list[tuple[int, int]]) -> None:
    result = merged(ranges)
    assert all(start < end for start, end in result)
    assert all(before[1] < after[0] for before, after in pairwise(result))


@given(parts, st.randoms())
def test_merging_cares_for_no_order_and_no_repetition(
    ranges: list[tuple[int, int]], random: st.DataObject
) -> None:
    shuffled = [*ranges, *ranges]
    random.shuffle(shuffled)
    assert merged(shuffled) == merged(ranges)
    assert merged(merged(ranges)) == merged(ranges)


@given(parts, parts)
def test_merging_step_by_step_is_merging_at_once(
    first: list[tuple[int, int]], then: list[tuple[int, int]]
) -> None:
    assert merged([*merged(first), *then]) == merged([*first, *then])


def test_merged_parts_that_touch_become_one() -> None:
    assert merged([(10, 20), (0, 10)]) == [[0, 20]]


def test_merged_is_free_of_the_dust_of_floating_point() -> None:
    assert merged([(0.1, 0.1 + 0.2), (0.3, 0.5)]) == [[0.1, 0.5]]


def test_merged_of_nothing_is_nothing() -> None:
    assert merged([]) == []
    assert length([]) == 0
