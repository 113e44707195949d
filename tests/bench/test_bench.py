"""That the benchmark runs and what it says adds up. How fast anything was is not looked at."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bench.services import Neighbours, refuse_unless_durable
from bench.wire import Came, Sink, Smtplib, Wire, sink

ROOT = Path(__file__).resolve().parents[2]
MESSAGE = b"Subject: Hello\r\nMessage-ID: <%d@example.org>\r\n\r\nHello.\r\n"

pytestmark = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="The benchmark has a PostgreSQL of its own"
)


@pytest.fixture
def taking_sink():
    with sink() as running:
        yield running


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_each_row_is_said_once_for_each_thing_it_compares(lines: list[dict[str, Any]]) -> None:
    """It ends with a fault if a mail came twice, is missing, or was not recorded as sent."""
    assert [line["name"] for line in lines] == [
        "speed",
        "speed",
        "speed: one durable commit a mail",
        "speed: one durable commit for 10 mails",
        "speed: the peer",
        "speed: a bare client, pipelining",
        "speed: the limit",
        "taking",
        "taking: its statements alone",
        "taking",
        "taking: its statements alone",
        "lateness: p50",
        "lateness: p99",
        "lateness: last",
        "lateness: of which waiting for the tick",
        "memory",
        "export",
        "export: all files",
        "export: memory",
        "csv: invited",
        "csv: enrolled, consent taken elsewhere",
        "staff: the list of people",
        "staff: the overview",
    ]


@pytest.mark.slow
def test_each_line_says_what_its_figure_is_and_what_it_is_a_ratio_to(
    lines: list[dict[str, Any]],
) -> None:
    for line in lines:
        assert isinstance(line["value"], float)
        assert line["unit"]
        assert ("ratio" in line) == ("to" in line)
        assert ("goal" in line) == isinstance(line.get("met"), bool)


@pytest.mark.slow
def test_each_row_has_a_goal(lines: list[dict[str, Any]]) -> None:
    assert {line["name"] for line in lines if "goal" in line} == {
        "speed",
        "taking",
        "taking: its statements alone",
        "lateness: p99",
        "memory",
        "export: memory",
        "csv: invited",
        "csv: enrolled, consent taken elsewhere",
        "staff: the list of people",
        "staff: the overview",
    }


@pytest.mark.parametrize("client", [Wire, Smtplib])
def test_the_sink_counts_what_came(taking_sink: Sink, client: type[Wire] | type[Smtplib]) -> None:
    with client(taking_sink.port) as connected:
        for number in range(3):
            connected.send(f"person-{number}@example.org", MESSAGE % number)
    came = taking_sink.came()
    assert (came.mails, came.ids, came.recipients) == (3, 3, 3)
    came.check(3, "three mails")
    taking_sink.reset()
    assert taking_sink.came() == Came(mails=0, ids=0, recipients=0, pairs=0, bytes=0)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param([(1, 1), (1, 1)], id="the same mail twice"),
        pytest.param([(1, 1), (1, 2)], id="two mails to one person"),
        pytest.param([(1, 1), (2, 1)], id="one mail to two people"),
        pytest.param([(1, 1)], id="one missing"),
        pytest.param([(1, 1), (2, 2), (3, 3)], id="one too many"),
    ],
)
def test_what_did_not_come_just_once_to_each_is_no_result(
    taking_sink: Sink, sent: list[tuple[int, int]]
) -> None:
    with Wire(taking_sink.port) as wire:
        for person, number in sent:
            wire.send(f"person-{person}@example.org", MESSAGE % number)
    with pytest.raises(SystemExit, match="2 different mails should have come"):
        taking_sink.came().check(2, "the platform")


def test_nothing_is_measured_on_a_database_that_does_not_write_to_the_disk(
    tmp_path: Path,
) -> None:
    """As that of these tests, which nobody needs after a power cut."""
    socket = Path(connection.settings_dict["HOST"])
    careless = Neighbours(folder=tmp_path, socket=socket, broker="", pids=[])
    with pytest.raises(SystemExit, match="PostgreSQL must run with"):
        refuse_unless_durable(careless)
