"""A Celery worker inside the test's process, so that it lives by the test's clock."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from celery import signals
from celery.contrib.testing.worker import start_worker
from kombu import pools

from scheduling import tasks
from training_platform.celery import app

_STEP = 0.002


class Bench:
    """Counts what was put on the queue and what was finished."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.published = 0
        self.finished = 0

    def tick(self) -> None:
        """As beat does; returns when that, and all that it set off, is done."""
        tasks.tick.apply_async(expires=tasks.EXPIRES)
        # Counted, not timed: the test moves the clock.
        for _ in range(int(20 / _STEP)):
            with self._lock:
                if self.finished == self.published:
                    return
            threading.Event().wait(_STEP)
        message = f"{self.finished} of {self.published} tasks were done."
        raise AssertionError(message)

    def on_publish(self, **_: object) -> None:
        with self._lock:
            self.published += 1

    def on_done(self, **_: object) -> None:
        with self._lock:
            self.finished += 1


@contextmanager
def running(redis_url: str, *, concurrency: int = 2) -> Iterator[Bench]:
    bench = Bench()
    before = app.conf.broker_url
    app.conf.broker_url = redis_url
    signals.before_task_publish.connect(bench.on_publish)
    signals.task_postrun.connect(bench.on_done)
    try:
        with start_worker(app, pool="threads", concurrency=concurrency, perform_ping_check=False):
            yield bench
    finally:
        signals.before_task_publish.disconnect(bench.on_publish)
        signals.task_postrun.disconnect(bench.on_done)
        _forget_connections()
        app.conf.broker_url = before


def _forget_connections() -> None:
    """The next test may have another Redis, or the same one anew."""
    pools.reset()
    app._pool = None
    app.amqp._producer_pool = None
