"""Arithmetic of the parts of a medium that were played. Pure; all numbers are seconds."""

from collections.abc import Iterable, Sequence

# Milliseconds: a sum of many reports stays free of the dust of floating point.
DIGITS = 3


def merged(ranges: Iterable[Sequence[float]]) -> list[list[float]]:
    """The same seconds as sorted [start, end] pairs of which none touch; empty ones fall away."""
    result: list[list[float]] = []
    for start, end in sorted((round(a, DIGITS), round(b, DIGITS)) for a, b in ranges):
        if end <= start:
            continue
        if result and start <= result[-1][1]:
            result[-1][1] = max(result[-1][1], end)
        else:
            result.append([start, end])
    return result


def length(ranges: Iterable[Sequence[float]]) -> float:
    """Seconds in `ranges`, which do not overlap."""
    return round(sum(end - start for start, end in ranges), DIGITS)
