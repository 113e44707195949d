"""Two processes that do the same thing at the same time."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

PROCESSES = 2


def seconds_together(work: Callable[..., Callable[[], None]], shares: Sequence[Any]) -> float:
    """`work(share)` prepares and gives what is then timed: from the first begin to the last end."""
    # Spawned, not forked: nothing of this process's connections goes along.
    context = multiprocessing.get_context("spawn")
    barrier, times = context.Barrier(len(shares)), context.Queue()
    processes = [
        context.Process(target=_run, args=(work, share, barrier, times)) for share in shares
    ]
    for process in processes:
        process.start()
    spans = [times.get(timeout=600) for _each in processes]
    for process in processes:
        process.join()
    begins, ends = zip(*spans, strict=True)
    return float(max(ends) - min(begins))


def _run(
    work: Callable[..., Callable[[], None]],
    share: Any,
    barrier: Barrier,
    times: "Queue[tuple[float, float]]",
) -> None:
    timed = work(share)
    barrier.wait()
    begin = time.time()
    timed()
    times.put((begin, time.time()))


def halves(count: int) -> list[range]:
    """Whose numbers each process takes."""
    return [range(number, count, PROCESSES) for number in range(PROCESSES)]
