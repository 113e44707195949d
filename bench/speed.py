"""Row 1: how many mails a second, beside what is possible and beside a peer."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median

from bench import limit, people, platform
from bench.peer.process import NAME as PEER
from bench.peer.process import Peer, peer
from bench.report import line, say
from bench.services import Neighbours
from bench.sizes import Sizes
from bench.swallow import Sample, sample
from bench.wire import Sink
from bench.workers import workers

DATABASE = "bench_speed"
_LIMIT = "the limit: 2 processes pushing written mails over kept connections, by smtplib"
_GROUP = 10
_LOOK_SECONDS = 0.2
_PATIENCE_SECONDS = 600


@dataclass
class Rates:
    """Mails a second, one figure a round, in the order of the rounds."""

    ours: list[float] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)
    groups: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)


def measure(neighbours: Neighbours, sink: Sink, sizes: Sizes) -> None:
    platform.copy(neighbours, DATABASE)
    platform.use(DATABASE)
    people.fill(people=sizes.people, due=sizes.due)
    ours = sample()
    say(f"One of our mails: {ours.weight}")
    rates = _rounds(neighbours, sink, sizes, ours)
    platform.drop(neighbours, DATABASE)
    _report(rates, sizes)


def _rounds(neighbours: Neighbours, sink: Sink, sizes: Sizes, ours: Sample) -> Rates:
    """Side by side, several times over; the first, which warms all up, is not counted."""
    rates = Rates()
    with (
        workers(neighbours, sink, database=DATABASE),
        peer(neighbours, sink, ours) as other,
    ):
        for number in range(sizes.rounds + 1):
            now = _round(neighbours, sink, sizes.due, ours, other)
            say(f"round {number}: {_told(now)}")
            if number > 0:
                for name, figures in vars(now).items():
                    getattr(rates, name).extend(figures)
    return rates


def _round(neighbours: Neighbours, sink: Sink, count: int, ours: Sample, other: Peer) -> Rates:
    letters = ours.letters

    def committing(group: int) -> float:
        return count / limit.commit_seconds(
            neighbours, sink, letters, count, database=DATABASE, group=group
        )

    return Rates(
        ours=[count / our_seconds(sink, count)],
        limit=[count / limit.push_seconds(sink, letters, count)],
        bare=[count / limit.push_seconds(sink, letters, count, bare=True)],
        commits=[committing(1)],
        groups=[committing(_GROUP)],
        peer=[count / other.seconds(count)],
    )


def our_seconds(sink: Sink, count: int) -> float:
    """From the tick to the commit that says of the last mail that it was sent."""
    from scheduling import housekeeping, tasks

    people.make_due_again()
    # While the others sent nothing ticked, of which an alarm would tell the study's contact.
    housekeeping.beat(now=datetime.now(UTC))
    sink.reset()
    begin = datetime.now(UTC)
    tasks.tick.apply_async(expires=tasks.EXPIRES)
    wait_until_settled(begin)
    sink.came().check(count, "the platform")
    return (people.last_sent_commit(count) - begin).total_seconds()


def wait_until_settled(begin: datetime) -> None:
    """Asked a few times a second, of indexes: that costs next to nothing."""
    from scheduling.models import Prompt

    until = time.monotonic() + _PATIENCE_SECONDS
    in_flight = Prompt.objects.filter(state=Prompt.State.SENDING)
    while Prompt.objects.due(begin).exists() or in_flight.exists():
        if time.monotonic() > until:
            message = f"Not all was sent within {_PATIENCE_SECONDS} seconds."
            raise SystemExit(message)
        time.sleep(_LOOK_SECONDS)


def _told(rates: Rates) -> str:
    return ", ".join(f"{name} {figures[-1]:,.0f}/s" for name, figures in vars(rates).items())


def _report(rates: Rates, sizes: Sizes) -> None:
    what = f"{sizes.due} due among {sizes.people}, {sizes.rounds} rounds"
    against = _ratio(rates.ours, rates.peer)
    ours = median(rates.ours)
    to = f"{PEER}, 2 processes"
    line("speed", ours, "mails/s", ratio=against, to=to, goal="> 1", met=against > 1, of=what)
    line("speed", ours, "mails/s", ratio=_ratio(rates.ours, rates.limit), to=_LIMIT, of=what)
    for name, figures in (
        ("one durable commit a mail", rates.commits),
        (f"one durable commit for {_GROUP} mails", rates.groups),
        ("the peer", rates.peer),
        ("a bare client, pipelining", rates.bare),
        ("the limit", rates.limit),
    ):
        ratio = _ratio(figures, rates.limit)
        line(f"speed: {name}", median(figures), "mails/s", ratio=ratio, to=_LIMIT)


def _ratio(these: list[float], those: list[float]) -> float:
    """The median of the rounds' own ratios: what slows a whole round slows both."""
    return median(one / other for one, other in zip(these, those, strict=True))
