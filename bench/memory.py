"""Row 4: does a worker that has sent very much hold more memory than one that has sent some?"""

import time
from collections.abc import Iterator
from statistics import median

import psutil
from django.db import connection

from bench import people, platform
from bench.report import line, say
from bench.services import Neighbours
from bench.sizes import Sizes
from bench.wire import Sink
from bench.workers import workers

DATABASE = "bench_memory"
GOAL = 1.05
_MEGABYTE = 1024 * 1024
_PORTIONS = 10
_TICK_SECONDS = 10.0
_SAMPLE_SECONDS = 0.2
_PATIENCE_SECONDS = 600
_SAMPLES = 15

# Mails sent, and the bytes that the worker holds (RSS) by then.
Sample = tuple[int, int]


def measure(neighbours: Neighbours, sink: Sink, sizes: Sizes) -> None:
    platform.copy(neighbours, DATABASE)
    platform.use(DATABASE)
    people.fill(people=sizes.memory_people, due=sizes.memory_due, whole_plan=False)
    sink.reset()
    with workers(neighbours, sink, database=DATABASE, count=1) as (worker,):
        samples = [
            sample
            for due in people.make_due_in_portions(_PORTIONS)
            for sample in _samples(worker, due)
        ]
    sink.came().check(sizes.memory_due, "the platform")
    people.last_sent_commit(sizes.memory_due)
    platform.drop(neighbours, DATABASE)
    _report(samples, sizes)


def _samples(worker: int, due: int) -> Iterator[Sample]:
    """Until so many are sent. It ticks as beat does, only more often: the worker is to be busy."""
    from scheduling import tasks

    next_tick = time.monotonic()
    until = next_tick + _PATIENCE_SECONDS
    while (sent := _sent()) < due:
        if time.monotonic() >= next_tick:
            tasks.tick.apply_async(expires=tasks.EXPIRES)
            next_tick += _TICK_SECONDS
        if time.monotonic() > until:
            message = f"{sent} of {due} were sent within {_PATIENCE_SECONDS} seconds."
            raise SystemExit(message)
        yield sent, _held(worker)
        time.sleep(_SAMPLE_SECONDS)
    yield sent, _held(worker)


def _sent() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM scheduling_prompt WHERE state = 'sent' "
            "AND id IN (SELECT id FROM bench_due)"
        )
        return int(cursor.fetchone()[0])


def _held(worker: int) -> int:
    """By the worker and its child, which does the sending.

    Pages that both read count for both, from the beginning: counted for one alone (USS), all of
    them seem new at once when Python's collector first writes to them in the child.
    """
    parent = psutil.Process(worker)
    return sum(each.memory_info().rss for each in [parent, *parent.children(recursive=True)])


def _report(samples: list[Sample], sizes: Sizes) -> None:
    """The middle of a few samples each: one alone may have been taken at a bad moment."""
    step = sizes.memory_due // 10
    early = median([held for sent, held in samples if sent >= step][:_SAMPLES]) / _MEGABYTE
    late = median([held for _sent, held in samples[-_SAMPLES:]]) / _MEGABYTE
    say(f"a worker holds {early:.1f} MB after {step:,} mails, {late:.1f} MB after all")
    line(
        "memory",
        late - early,
        "MB grown",
        ratio=late / early,
        to=f"{early:.1f} MB after the first {step:,} mails",
        goal=f"<= {GOAL}",
        met=late / early <= GOAL,
        of=f"{sizes.memory_due:,} mails by one worker and its child, RSS",
    )
