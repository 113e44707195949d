"""The peer's process, seen from outside."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

from bench.services import Neighbours
from bench.swallow import Sample
from bench.wire import Sink

NAME = f"django-post-office {version('django-post-office')}"
_DATABASE = "bench_peer"


class Peer:
    def __init__(self, process: "subprocess.Popen[str]", sink: Sink, context: str) -> None:
        self._process = process
        self._sink = sink
        self._context = context

    def seconds(self, count: int) -> float:
        """To send so many, from the word to the last “sent” recorded."""
        self.ask(f"fill {count} {self._context}")
        self._sink.reset()
        begin = time.perf_counter()
        self.ask("send")
        seconds = time.perf_counter() - begin
        self._sink.came().check(count, NAME)
        if int(self.ask("sent")) != count:
            message = f"{NAME} has not recorded all {count} as sent."
            raise SystemExit(message)
        return seconds

    def ask(self, command: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if not answer:
            message = f"{NAME} could not do this; its own words are above: {command}"
            raise SystemExit(message)
        return answer


@contextmanager
def peer(neighbours: Neighbours, sink: Sink, sample: Sample) -> Iterator[Peer]:
    """Running, with its tables, and our own mail as its template."""
    with neighbours.cursor("postgres") as cursor:
        cursor.execute(f"CREATE DATABASE {_DATABASE}")
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.peer.send"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(neighbours, sink),
    )
    context = neighbours.folder / "context.json"
    template = neighbours.folder / "template.json"
    context.write_text(json.dumps(_context(sample)))
    template.write_text(json.dumps(_template(sample)))
    try:
        running = Peer(process, sink, str(context))
        running.ask(f"prepare {template}")
        yield running
    finally:
        process.communicate()


def _environment(neighbours: Neighbours, sink: Sink) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.peer.settings",
        "PEER_DATABASE": _DATABASE,
        "PEER_SOCKET": str(neighbours.socket),
        "PEER_MAIL": sink.url,
    }


def _values(sample: Sample) -> dict[str, str]:
    """What differs from person to person in this mail."""
    weekday = sample.subject.split()[1]
    return {"go_url": sample.go_url, "stop_url": sample.stop_url, "weekday": weekday}


def _template(sample: Sample) -> dict[str, str]:
    """Our mail of the same words, with its variables put back."""
    parts = {"subject": sample.subject, "content": sample.text, "html_content": sample.html}
    for name, value in _values(sample).items():
        variable = "{{ %s }}" % name  # noqa: UP031 - braces for a template
        parts = {part: words.replace(value, variable) for part, words in parts.items()}
    return parts


def _context(sample: Sample) -> dict[str, str]:
    """Links of the same length; “#” becomes the number of the person."""
    return {
        name: f"{value[:-7]}#/" if value.startswith("https://") else value
        for name, value in _values(sample).items()
    }
