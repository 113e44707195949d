"""Row 7: how soon do staff have the list of people, and the overview, of a large study?"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from statistics import median
from typing import TYPE_CHECKING, Any

from django.db import connection

from bench import people, platform, staff_study
from bench.export import use_the_weeks
from bench.report import line, say
from bench.services import Neighbours
from bench.sizes import Sizes
from bench.wire import Sink

if TYPE_CHECKING:
    from django.test import Client

DATABASE = "bench_staff"
GOAL_LIST, GOAL_OVERVIEW, GOAL_QUERIES = 300, 500, 8
# What took longest is looked at again, and the median counts: once it may have waited for something
# else.
_AGAIN, _SLOWEST = 5, 100


class _Counted:
    """How often the database is asked."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        self.queries += 1
        return execute(*query)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One page, in ms of the server's own time."""

    address: str
    ms: float
    queries: int


def measure(neighbours: Neighbours, sink: Sink, sizes: Sizes) -> None:
    platform.copy(neighbours, DATABASE)
    platform.use(DATABASE)
    people.fill(people=sizes.staff_people, due=sizes.staff_people // 20)
    staff_study.live(sizes.staff_people)
    use_the_weeks(sizes.staff_use)
    with staff_study.without_hashed_names():
        _measure(*staff_study.researcher(), sizes)
    platform.drop(neighbours, DATABASE)


def _measure(client: "Client", study: str, sizes: Sizes) -> None:
    """The first look warms up."""
    overview = f"/staff/{study}/"
    _look(client, overview)
    _report_list(
        _looks(client, [f"{overview}people/{each}" for each in _asked(client, overview, sizes)]),
        sizes,
    )
    _report_overview([_look(client, overview) for _ in range(_AGAIN)], sizes)


def _asked(client: "Client", overview: str, sizes: Sizes) -> Iterator[str]:
    """Each filter alone, by each sort both ways; and for each sort the first and the last page."""
    page = client.get(f"{overview}people/", secure=True).content.decode()
    filters = [
        f"{name}={value}"
        for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.+?)</select>', page)
        for value in re.findall(r'<option value="([^"]+)"', options)
    ]
    last = re.search(r"Page 1 of (\d+)", page)
    assert last is not None
    ends = ["", f"page={last[1]}", "code=00", "status=active&needs=any&week=2&day=4"]
    sorts = [f"{turned}{each}" for each in staff_study.sorts() for turned in ("", "-")]
    every = [f"?sort={sort}&{narrowed}" for narrowed, sort in product([*ends, *filters], sorts)]
    yield from every[:: sizes.staff_every]


def _looks(client: "Client", addresses: list[str]) -> list[Look]:
    looks = [_look(client, address) for address in addresses]
    slow = sorted(looks, key=lambda look: -look.ms)[:_SLOWEST]
    again = {each.address: _tried_again(client, each) for each in slow}
    return [again.get(look.address, look) for look in looks]


def _tried_again(client: "Client", first: Look) -> Look:
    """The median of all its tries."""
    tries = [first, *(_look(client, first.address) for _ in range(_AGAIN))]
    ms = median(look.ms for look in tries)
    return Look(address=first.address, ms=ms, queries=max(look.queries for look in tries))


def _look(client: "Client", address: str) -> Look:
    counted = _Counted()
    begin = time.perf_counter()
    with connection.execute_wrapper(counted):
        answer = client.get(address, secure=True)
    took = (time.perf_counter() - begin) * 1000
    if answer.status_code != 200:
        message = f"{address} answered {answer.status_code}"
        raise SystemExit(message)
    return Look(address=address, ms=took, queries=counted.queries)


def _report_list(looks: list[Look], sizes: Sizes) -> None:
    slowest = max(looks, key=lambda look: look.ms)
    most = max(look.queries for look in looks)
    say(f"the slowest of {len(looks)} lists: {slowest.address}")
    line(
        "staff: the list of people",
        slowest.ms,
        "ms, the slowest",
        goal=f"<= {GOAL_LIST} ms and {GOAL_QUERIES} queries",
        met=slowest.ms <= GOAL_LIST and most <= GOAL_QUERIES,
        of=f"{len(looks)} filters and sorts, {sizes.staff_people:,} people",
        median_ms=median(look.ms for look in looks),
        queries=most,
    )


def _report_overview(looks: list[Look], sizes: Sizes) -> None:
    taken = median(look.ms for look in looks)
    line(
        "staff: the overview",
        taken,
        "ms",
        goal=f"<= {GOAL_OVERVIEW} ms",
        met=taken <= GOAL_OVERVIEW,
        of=f"{sizes.staff_people:,} people, {sizes.staff_use:,} rows of engagement",
        queries=looks[0].queries,
    )
