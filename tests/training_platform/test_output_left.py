"""A command whose reader has left, as `head` does after ten lines, ends without a traceback."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings

from tests.scheduling.programs import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """With an output that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url(), **environment},
            stdout=writer,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writer)


# As here, and as in a container.
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("asked", [["departures"], ["send_due", "--dry-run"], ["help"]])
def test_the_command_says_nothing_and_ends_as_others_do(asked: list[str], unbuffered: str) -> None:
    ended = run([sys.executable, "manage.py", *asked], PYTHONUNBUFFERED=unbuffered)

    assert (ended.stderr, ended.returncode) == ("", 128 + signal.SIGPIPE)


def test_a_line_to_another_server_that_breaks_is_not_taken_for_it() -> None:
    program = (
        "import sys, manage, django.core.management as its\n"
        "def broken(arguments): raise BrokenPipeError('the mail server')\n"
        "its.execute_from_command_line = broken\n"
        "manage.main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "BrokenPipeError: the mail server" in ended.stderr
