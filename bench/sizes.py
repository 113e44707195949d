"""How much of everything."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """`people` and `due` of row 1; the others name their row."""

    people: int
    due: int
    rounds: int


FULL = Sizes(people=100_000, due=5_000, rounds=3)
QUICK = Sizes(people=1_000, due=200, rounds=1)
