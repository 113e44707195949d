"""`manage.py demo` as `make run` starts it: in processes of its own, in an empty place."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings

from demo.stories import ASKED, RESEARCHER, STORIES
from tests.demo.conftest import Place

FIRST_START, SECOND_START, STOPPED = 120, 5, 10  # seconds, of a machine with nothing else to do


def _start(place: Place, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextmanager
def _running(place: Place, port: int, *, within: float) -> Iterator[subprocess.Popen[str]]:
    """Started, with its banner said; however the test ends, nothing of it is left."""
    process = _start(place, port)
    try:
        said = _words_until(process, "An app of your own takes these keys:", within)
        assert "There are no passwords." in said
        assert f"http://localhost:{port}/mail/" in said
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)
        assert process.stdout is not None
        process.stdout.close()


def _words_until(process: subprocess.Popen[str], end: str, within: float) -> str:
    assert process.stdout is not None
    began, said = time.monotonic(), ""
    for line in process.stdout:
        said += line
        if end in line:
            break
    took = time.monotonic() - began
    assert end in said, said
    assert took < within * _crowd(), f"{took:.1f} s\n{said}"
    return said


def _crowd() -> float:
    """How many wait for each processor, by the last minute; 1 where none waits."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    children = [int(each) for each in tasks]
    return [*children, *(below for child in children for below in _children(child))]


def _is_running(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def _answer(port: int, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _stop(process: subprocess.Popen[str]) -> None:
    """Ctrl-C, after which nothing of it runs."""
    family = [process.pid, *_children(process.pid)]
    assert len(family) >= 3  # itself, the web server, the sender
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=STOPPED)
    assert (process.returncode, said.splitlines()[-1]) == (0, "Stopped.")
    assert [pid for pid in family if _is_running(pid)] == []


def test_without_its_mode_it_refuses_and_says_what_to_set() -> None:
    with pytest.raises(CommandError, match="Set DEMO=true to run the demonstration"):
        call_command("demo")
    with pytest.raises(CommandError, match="Set DEMO=true to see the demonstration’s codes"):
        call_command("demo_code")


@pytest.mark.django_db
def test_codes_are_told_where_there_is_a_demonstration() -> None:
    with override_settings(DEMO=True), pytest.raises(CommandError, match="no demonstration yet"):
        call_command("demo_code")
    from tests.factories.participants import UserFactory

    researcher = UserFactory(email=RESEARCHER)
    TOTP.activate(researcher, "JBSWY3DPEHPK3PXP")
    said = io.StringIO()
    # The first second of a half-minute.
    with override_settings(DEMO=True), time_machine.travel(1_800_000_000, tick=False):
        call_command("demo_code", stdout=said)
    now, following = (
        format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", 60_000_000 + step)) for step in (0, 1)
    )
    assert said.getvalue() == (
        f"  researcher@demo.example      {now}, good for 30 s more; then {following}\n"
    )


@pytest.mark.parametrize("port", ["0", "80000", "abc", "-1", ""])
def test_a_port_that_is_none_is_refused_with_a_sentence(port: str) -> None:
    with (
        override_settings(DEMO=True),
        pytest.raises(CommandError, match="is no port"),
    ):
        call_command("demo", f"--port={port}")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for child processes in /proc")
def test_it_starts_answers_stops_and_starts_again_quickly(place: Place, port: int) -> None:
    with _running(place, port, within=FIRST_START) as first:
        assert _answer(port, "/healthz")[0] == 200
        assert "being kinder to yourself" in _answer(port, "/")[1]
        assert "Demo mailbox" in _answer(port, "/mail/")[1]
        second = _start(place, port)
        said, _ = second.communicate(timeout=30)
        assert (second.returncode, said.strip().splitlines()[-1]) == (
            1,
            f"CommandError: Port {port} is in use. Try another: make run PORT={port + 1}",
        )
        assert _answer(port, "/healthz")[0] == 200
        _stop(first)
    with _running(place, port, within=SECOND_START) as again:
        assert "Your dates for Four Weeks" in _answer(port, "/mail/")[1]
        _stop(again)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("Preparing the database", signal.SIGTERM),
        ("Making the demo study and its people", signal.SIGINT),
    ],
)
def test_interrupted_while_it_is_made_it_stops_and_is_whole_at_the_next_start(
    place: Place, port: int, moment: str, number: int
) -> None:
    process = _start(place, port)
    _words_until(process, moment, FIRST_START)
    process.send_signal(number)
    said, _ = process.communicate(timeout=FIRST_START)
    assert (process.returncode, said.strip().splitlines()[-1:]) == (0, ["Stopped."])
    prepared = subprocess.run(
        [sys.executable, "manage.py", "demo", "--prepare-only"],
        cwd=settings.BASE_DIR,
        env=place,
        check=True,
        capture_output=True,
    )
    assert prepared.stderr == b""
    database = place["DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(database)) as connection:
        ((people,),) = connection.execute("SELECT count(*) FROM participants_enrolment")
        ((staff,),) = connection.execute("SELECT count(*) FROM participants_studyresearcher")
    assert (people, staff) == (len(STORIES) + len(ASKED), 1)
