"""How far a list is, told to the page that waits for it, while a thread of its own does the work.

Each line of the answer is a JSON object: `{"doing": "checking", "done": 1200, "of": 50000}`, or
"saving". The last one is `{"ended": true}`, whatever came of it: the page asks for that by sending
its form the plain way. A blank line says that somebody is there. static/js/how_far.js reads them.
"""

import json
from collections.abc import Callable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic

from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse

from scheduling.safely import safely

Said = Callable[[str, int, int], None]
"""What is done, to how many, of how many."""
Work = Callable[[Said], None]

TYPE = "application/x-ndjson"
THREAD = "saving a list"
_EVERY = 0.2  # seconds from line to line, at least
# Seconds of it, after which a blank line goes: a proxy hangs up on who says nothing.
_SILENCE = 10.0
_ENDED = json.dumps({"ended": True}) + "\n"


def is_asked_for(request: HttpRequest) -> bool:
    """By a script: a browser that sends a form takes anything, and a page before all else."""
    return request.get_preferred_type(["text/html", TYPE]) == TYPE


def told(work: Work) -> StreamingHttpResponse:
    """`work` begins when the answer is read, and then goes on to its end, also where whoever reads
    hangs up. What it raises is logged, by its kind alone, and not told.
    """
    return StreamingHttpResponse(
        _lines(work),
        content_type=TYPE,
        headers={"X-Accel-Buffering": "no"},  # nginx would keep the lines until there are many
    )


def _lines(work: Work) -> Iterator[str]:
    lines: SimpleQueue[str] = SimpleQueue()
    Thread(target=_run, args=[work, lines], name=THREAD).start()
    line = ""
    while line != _ENDED:
        try:
            line = lines.get(timeout=_SILENCE)
        except Empty:
            line = "\n"
        yield line


def _run(work: Work, lines: SimpleQueue[str]) -> None:
    try:
        safely(THREAD, partial(work, _Said(lines)))
    finally:
        connections.close_all()  # this thread's own
        lines.put(_ENDED)


class _Said:
    """The first and the last of each kind of doing are told always, the others now and then."""

    def __init__(self, lines: SimpleQueue[str]) -> None:
        self._lines = lines
        self._last: dict[str, float] = {}

    def __call__(self, doing: str, done: int, of: int) -> None:
        now = monotonic()
        if doing in self._last and now - self._last[doing] < _EVERY and done != of:
            return
        self._last[doing] = now
        self._lines.put(json.dumps({"doing": doing, "done": done, "of": of}) + "\n")
