"""Holding processes to two cores, where the system can (Linux)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

CORES = 2


@contextmanager
def on_two_cores(pids: list[int]) -> Iterator[str]:
    """These, their children and all that they will start; gives what to say of it."""
    if not hasattr(os, "sched_setaffinity"):
        yield "on all cores: this system cannot hold processes to some"
        return
    every = os.sched_getaffinity(0)
    _hold(pids, set(sorted(every)[:CORES]))
    try:
        yield f"workers, beat, PostgreSQL, Redis and the sink on {CORES} cores"
    finally:
        _hold(pids, every)


def _hold(pids: list[int], cores: set[int]) -> None:
    """Each thread has its own; what it starts inherits them."""
    for pid in pids:
        parent = psutil.Process(pid)
        for process in [parent, *parent.children(recursive=True)]:
            for thread in process.threads():
                os.sched_setaffinity(thread.id, cores)
