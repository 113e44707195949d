"""Row 2: does taking what is due stay quick when there are many more people?"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

from django.db import connection

from bench import people, platform
from bench.report import line, say
from bench.services import Neighbours
from bench.sizes import Sizes
from bench.swallow import send_swallowing
from bench.wire import Sink

GOAL = 1.3
T = TypeVar("T")
_SLICES = 10


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Seconds for all that are due: of everything, and of the statements alone."""

    whole: float
    database: float


class Place:
    """A thread with a connection of its own, to a database with so many people."""

    def __init__(self, neighbours: Neighbours, count: int, due: int) -> None:
        self.count = count
        self._neighbours = neighbours
        self._name = f"bench_taking_{count}"
        self._thread = ThreadPoolExecutor(max_workers=1)
        platform.copy(neighbours, self._name)
        self.do(platform.use, self._name)
        self.do(people.fill, people=count, due=due, whole_plan=False)

    def do(self, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
        return self._thread.submit(work, *arguments, **named).result()

    def close(self) -> None:
        self.do(platform.drop, self._neighbours, self._name)
        self._thread.shutdown()


def measure(neighbours: Neighbours, sink: Sink, sizes: Sizes) -> None:
    places = [Place(neighbours, count, sizes.taking_due) for count in sizes.taking_people]
    rounds = [_round(places, sizes.taking_due) for _number in range(sizes.rounds + 1)]
    for place in places:
        place.close()
    # The first warmed up.
    _report(rounds[1:], sizes)


def _round(places: list[Place], due: int) -> dict[int, Taken]:
    """A slice of each size in turn, so that what slows the machine slows all of them."""
    for place in places:
        place.do(people.make_due_again)
    slices = [
        {place.count: place.do(_take, due // _SLICES) for place in places}
        for _number in range(_SLICES)
    ]
    for place in places:
        place.do(people.last_sent_commit, due)
    taken = {place.count: _sum(each[place.count] for each in slices) for place in places}
    say(", ".join(f"among {count:,}: {each.whole:.2f} s" for count, each in taken.items()))
    return taken


def _sum(slices: Iterable[Taken]) -> Taken:
    each = list(slices)
    return Taken(whole=sum(one.whole for one in each), database=sum(one.database for one in each))


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
