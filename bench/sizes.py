"""How much of everything."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """`people` and `due` are of row 1; the others name their row. In row 3 all is due at a full
    `late_every`, and beat starts so long before; its first tick comes an interval after that.
    """

    rounds: int
    people: int
    due: int
    taking_people: tuple[int, ...]
    taking_due: int
    late_people: int
    late_due: int
    late_every: timedelta
    beat_before: timedelta
    beat: str
    memory_people: int
    memory_due: int
    export_people: int
    export_rows: int
    csv_rows: int
    staff_people: int
    staff_use: int
    staff_every: int


FULL = Sizes(
    rounds=3,
    people=100_000,
    due=5_000,
    taking_people=(10_000, 100_000, 1_000_000),
    taking_due=1_000,
    late_people=100_000,
    late_due=10_000,
    late_every=timedelta(minutes=1),
    beat_before=timedelta(seconds=2),
    beat="training_platform",
    memory_people=100_000,
    memory_due=50_000,
    export_people=25_000,
    export_rows=1_000_000,
    csv_rows=50_000,
    staff_people=100_000,
    staff_use=5_000_000,
    staff_every=1,
)
QUICK = Sizes(
    rounds=1,
    people=500,
    due=100,
    taking_people=(100, 200),
    taking_due=50,
    late_people=200,
    late_due=50,
    late_every=timedelta(seconds=1),
    beat_before=timedelta(seconds=0),
    beat="bench.quick_beat",
    memory_people=200,
    memory_due=100,
    export_people=100,
    export_rows=5_000,
    csv_rows=200,
    staff_people=500,
    staff_use=5_000,
    staff_every=40,
)
