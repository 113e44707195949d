"""The state of the mail in numbers, read anew for each scrape: so all web processes say the same.

Nothing is counted inside a process, and nothing says who anybody is.
"""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from monitoring.health import Snapshot
from scheduling.watch import MailHealth, Queue


class _Numbers(Collector):
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _parts(self.snapshot)
        mail, queue = self.snapshot.mail, self.snapshot.queue
        if mail is not None and queue is not None:
            yield from _of_the_queue(queue, mail.now)
            yield from _of_the_sender(mail)


def exposition(snapshot: Snapshot) -> bytes:
    """In the text format 0.0.4. What is not known is left out, parts too, never told as 0."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Numbers(snapshot))
    return generate_latest(registry)


def _parts(snapshot: Snapshot) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "training_part_up", "1 if this part is well, else 0.", labels=["part"]
    )
    for part in (each for each in snapshot.parts if each.is_known):
        family.add_metric([part.name.replace(" ", "_")], part.is_well)
    return family


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"training_{name}", words, value=value)


def _of_the_queue(queue: Queue, now: datetime) -> Iterator[GaugeMetricFamily]:
    yield _gauge("prompts_due", "Mails whose time has come, tried before or not.", queue.due)
    oldest = queue.oldest_due_at
    age = (now - oldest).total_seconds() if oldest else 0
    yield _gauge("prompts_oldest_due_seconds", "Age of the oldest one never tried.", age)
    yield _gauge("prompts_waiting", "Mails that wait to be tried again.", queue.waiting)
    yield _gauge("prompts_in_flight", "Mails being sent at this moment.", queue.in_flight)
    unconfirmed = queue.unconfirmed
    yield _gauge("prompts_unconfirmed", "Mails that may have arrived or not.", unconfirmed)


def _of_the_sender(mail: MailHealth) -> Iterator[GaugeMetricFamily]:
    late = mail.due_not_sent
    yield _gauge("prompts_due_not_sent", "Mails five minutes late that were not tried.", late)
    if mail.beat_at is not None:
        age = (mail.now - mail.beat_at).total_seconds()
        yield _gauge("heartbeat_age_seconds", "Time since the sender last ran.", age)
    stopped = mail.stopped_at is not None
    yield _gauge("sender_stopped", "1 if the mail server does not take our mail.", stopped)
    difference = mail.clock_difference.total_seconds()
    words = "The database’s clock minus the application’s."
    yield _gauge("clock_difference_seconds", words, difference)
