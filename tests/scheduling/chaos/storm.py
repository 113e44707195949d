"""Half a minute in which everything goes wrong, by a plan drawn from a seed."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from tests.scheduling.chaos import processes
from tests.scheduling.chaos.processes import PER_WORKER, Service
from tests.scheduling.chaos.weather import SPELLS, StormySink
from tests.services.databases import DurableServer
from tests.services.redis import RedisServer

SECONDS = 34.0
KILLS = 40
_CALM_FIRST = 1.0
# Of a hundred kills, those of a whole worker, and of beat; the others are of one sender.
_WHOLE, _BEAT = 12, 5
_SPELL = 0.8
# Longer than the ten minutes after which a row in `sending` is given up, on the quick clock.
_FROZEN = 12.0


@dataclass(frozen=True, order=True)
class Event:
    """At so many seconds; `roll` is what chance has to say about the details."""

    at: float
    what: str
    roll: float = 0.0


def plan(seed: int) -> list[Event]:
    chance = random.Random(seed)

    def some(what: str, count: int, *, until: float = SECONDS) -> Iterator[Event]:
        for _each in range(count):
            yield Event(chance.uniform(_CALM_FIRST, until), what, chance.random())

    events = [
        *some("kill", KILLS),
        *some("freeze", 2, until=SECONDS - _FROZEN),
        *some("flush redis", 2),
        *some("crash postgres", 1, until=SECONDS * 0.8),
    ]
    # Once in each half: nobody can stop listening twice.
    events += [
        Event(half * SECONDS / 2 + chance.uniform(_CALM_FIRST, SECONDS / 2 - 2 * _SPELL), "refuse")
        for half in (0, 1)
    ]
    for name in SPELLS:
        # Once blocked, the senders wait for a quarter of an hour: late, or there would be no storm.
        start = SECONDS * 0.6 if name == "blocked" else _CALM_FIRST
        events.append(Event(chance.uniform(start, SECONDS - _SPELL), f"spell {name}"))
    return sorted(events)


@dataclass
class Storm:
    sink: StormySink
    redis: RedisServer
    postgres: DurableServer
    environment: dict[str, str]
    kills: int = 0
    senders_hit: int = 0
    """How many senders were killed or frozen: each had a mail in hand, or none. That their database
    crashes costs them nothing.
    """
    workers: list[Service] = field(default_factory=list)
    _later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    _frozen: list[int] = field(default_factory=list)

    def rage(self, events: list[Event]) -> None:
        """Returns when it is over and every process has ended."""
        self.workers = [processes.worker(number, self.environment) for number in (1, 2)]
        self._beat = processes.beat(self.environment)
        try:
            self._wait_for_senders()
            self._go_through(events)
        finally:
            self._thaw()
            self._supervise()
            for service in (self._beat, *self.workers):
                self._end(service)

    def _end(self, service: Service) -> None:
        """In order; or, if it has lost too many senders to notice, as a supervisor ends it."""
        try:
            service.end()
        except subprocess.TimeoutExpired:
            self.senders_hit += len(service.senders())
            service.kill()

    def logs(self) -> str:
        return "\n".join(each.log()[-2000:] for each in (self._beat, *self.workers))

    def _go_through(self, events: list[Event]) -> None:
        self._began = time.monotonic()
        for event in events:
            self._wait_until(event.at)
            self._supervise()
            self._happen(event)
        self._wait_until(max([SECONDS, *(at for at, _ in self._later)]))

    def _wait_until(self, at: float) -> None:
        for due, work in sorted(self._later, key=lambda each: each[0]):
            if due <= at:
                self._sleep_until(due)
                work()
        self._later = [each for each in self._later if each[0] > at]
        self._sleep_until(at)

    def _sleep_until(self, at: float) -> None:
        time.sleep(max(0.0, self._began + at - time.monotonic()))

    def _happen(self, event: Event) -> None:
        match event.what.split(maxsplit=1):
            case ["kill"]:
                self._kill(event.roll)
            case ["freeze"]:
                self._freeze(event.at, event.roll)
            case ["flush", _]:
                self.redis.flush()
            case ["crash", _]:
                self.postgres.crash()
            case ["refuse"]:
                self.sink.stop()
                self._later.append((event.at + _SPELL, self.sink.start))
            case ["spell", name]:
                self.sink.spell = name
                self._later.append((event.at + _SPELL, self._clear_up))

    def _clear_up(self) -> None:
        self.sink.spell = None

    def _kill(self, roll: float) -> None:
        self.kills += 1
        percent, rest = divmod(roll * 100, 1)
        if percent < _BEAT:
            self._beat.kill()
            self._beat.start()
        elif percent < _BEAT + _WHOLE:
            victim = self.workers[int(rest * 2)]
            self.senders_hit += len(victim.senders())
            victim.kill()
            victim.start()
        else:
            self._signal_one(rest, signal.SIGKILL)

    def _freeze(self, at: float, roll: float) -> None:
        """A machine that stands still for a while, and then goes on as if nothing had been."""
        self._frozen.append(self._signal_one(roll, signal.SIGSTOP))
        self._later.append((at + _FROZEN, self._thaw))

    def _signal_one(self, roll: float, what: signal.Signals) -> int:
        """One that lives; it may be gone in the moment it was chosen."""
        while True:
            senders = self._wait_for_senders()
            victim = senders[int(roll * len(senders))]
            with suppress(ProcessLookupError):
                os.kill(victim, what)
                self.senders_hit += 1
                return victim

    def _thaw(self) -> None:
        for pid in set(self._senders()).intersection(self._frozen):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self._frozen.clear()

    def _supervise(self) -> None:
        """Whatever is gone is started again. Its senders went with it."""
        for service in (self._beat, *self.workers):
            if service.is_gone():
                self.senders_hit += PER_WORKER
                service.start()

    def _senders(self) -> list[int]:
        return [pid for each in self.workers for pid in each.senders()]

    def _wait_for_senders(self) -> list[int]:
        for _each in range(1000):
            if senders := self._senders():
                return sorted(senders)
            self._supervise()
            time.sleep(0.02)
        raise AssertionError(f"No worker came up.\n{self.logs()}")
