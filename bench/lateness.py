"""Row 3: when everyone chose the same hour, how late is the last?"""

import time
from datetime import UTC, datetime, timedelta

from django.db import connection

from bench import people, platform
from bench.cores import on_two_cores
from bench.report import line, say
from bench.services import Neighbours
from bench.sizes import Sizes
from bench.speed import wait_until_settled
from bench.wire import Sink
from bench.workers import celery, workers

DATABASE = "bench_lateness"
GOAL_SECONDS = 60
# For writing the rows as due then.
_PREPARING = timedelta(seconds=2)
_PERCENTILES = """
SELECT percentile_disc(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM late)),
    extract(epoch FROM min(late))
FROM (SELECT sent_at - due_at AS late FROM scheduling_prompt
      WHERE id IN (SELECT id FROM bench_due)) AS each
"""


def measure(neighbours: Neighbours, sink: Sink, sizes: Sizes) -> None:
    platform.copy(neighbours, DATABASE)
    platform.use(DATABASE)
    people.fill(people=sizes.late_people, due=sizes.late_due)
    with workers(neighbours, sink, database=DATABASE) as ids:
        where = _through_the_minute(neighbours, sink, ids, sizes)
    sink.came().check(sizes.late_due, "the platform")
    people.last_sent_commit(sizes.late_due)
    _report(sizes, where)
    platform.drop(neighbours, DATABASE)


def _through_the_minute(neighbours: Neighbours, sink: Sink, ids: list[int], sizes: Sizes) -> str:
    """An interval after its start beat ticks for the first time. It starts a few seconds before
    the minute in which all is due, so that they wait for nearly a whole interval.
    """
    due_at = _next_full(sizes.late_every, datetime.now(UTC) + sizes.beat_before + _PREPARING)
    people.make_due_again(at=f"'{due_at.isoformat()}'")
    sink.reset()
    environment = platform.environment(neighbours, database=DATABASE, mail=sink.url)
    _sleep_until(due_at - sizes.beat_before)
    schedule = str(neighbours.folder / "beat")
    with (
        celery(environment, "beat", "--schedule", schedule, app=sizes.beat) as beat,
        on_two_cores([*neighbours.pids, sink.pid, *ids, beat.pid]) as where,
    ):
        _sleep_until(due_at)
        say(f"{sizes.late_due:,} are due now, at {due_at:%H:%M:%S}; {where}")
        wait_until_settled(due_at)
    return where


def _next_full(interval: timedelta, after: datetime) -> datetime:
    """As people choose their hours: on the full minute."""
    return after + interval - (after - datetime.min.replace(tzinfo=UTC)) % interval


def _sleep_until(moment: datetime) -> None:
    time.sleep(max((moment - datetime.now(UTC)).total_seconds(), 0))


def _report(sizes: Sizes, where: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_PERCENTILES)
        (half, most, last), first = cursor.fetchone()
    of = f"{sizes.late_due:,} due at the same minute among {sizes.late_people:,}; {where}"
    goal, met = f"<= {GOAL_SECONDS} s", float(most) <= GOAL_SECONDS
    line("lateness: p50", float(half), "s", of=of)
    line("lateness: p99", float(most), "s", goal=goal, met=met, of=of)
    line("lateness: last", float(last), "s", of=of)
    line("lateness: of which waiting for the tick", float(first), "s", of=of)
