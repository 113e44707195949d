"""Row 2: does taking what is due stay quick when there are many more people?"""

import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection

from bench import people, platform
from bench.report import line, say
from bench.services import Neighbours
from bench.sizes import Sizes
from bench.swallow import send_swallowing
from bench.wire import Sink

GOAL = 1.3


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Seconds for all that are due: of everything, and of the statements alone."""

    whole: float
    database: float


def measure(neighbours: Neighbours, sink: Sink, sizes: Sizes) -> None:
    names = {count: f"bench_taking_{count}" for count in sizes.taking_people}
    for count, name in names.items():
        platform.copy(neighbours, name)
        platform.use(name)
        people.fill(people=count, due=sizes.taking_due, whole_plan=False)
    rounds = [
        {count: _round(name, sizes.taking_due) for count, name in names.items()}
        for _number in range(sizes.rounds + 1)
    ]
    for name in names.values():
        platform.drop(neighbours, name)
    _report(rounds[1:], sizes)


def _round(name: str, due: int) -> Taken:
    """One size; the first round warms up and is not counted."""
    platform.use(name)
    people.make_due_again()
    taken = _take(due)
    say(f"{name}: {taken.whole:.2f} s, of which {taken.database:.2f} s in the database")
    people.last_sent_commit(due)
    return taken


def _take(due: int) -> Taken:
    """By the platform's own loop, with a transport that takes every mail at once."""
    spent = 0.0

    def timed(execute: Any, *statement: Any) -> Any:
        nonlocal spent
        begin = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            spent += time.perf_counter() - begin

    with connection.execute_wrapper(timed):
        begin = time.perf_counter()
        send_swallowing(due)
        return Taken(whole=time.perf_counter() - begin, database=spent)


def _report(rounds: list[dict[int, Taken]], sizes: Sizes) -> None:
    smallest = min(sizes.taking_people)
    for count in sizes.taking_people:
        for what, unit in (("whole", "taking"), ("database", "taking: its statements alone")):
            ratio = median(
                getattr(each[count], what) / getattr(each[smallest], what) for each in rounds
            )
            line(
                unit,
                median(getattr(each[count], what) for each in rounds),
                "s",
                ratio=ratio,
                to=f"the same among {smallest:,} enrolments",
                goal=f"<= {GOAL}",
                met=ratio <= GOAL,
                of=f"{sizes.taking_due:,} due among {count:,} enrolments",
            )
