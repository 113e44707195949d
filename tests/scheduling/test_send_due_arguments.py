"""What `send_due` says of what was typed wrongly."""

import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from tests.factories.scheduling import enrolled
from tests.scheduling.test_commands import said

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "moment",
    [
        *("tomorrow", "", "2026-13-01T09:00Z", "25/10/2026 09:00"),
        # These would be a year before the first, or after the last, on the clock of UTC.
        *("0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00"),
    ],
)
def test_a_moment_that_is_none_is_refused(moment: str) -> None:
    with pytest.raises(CommandError, match="is no moment"):
        call_command("send_due", "--dry-run", "--at", moment)


@pytest.mark.parametrize("moment", ["2026-10-25", "2026-10-25T09:00"])
def test_a_moment_on_no_clock_is_refused_as_such(moment: str) -> None:
    with pytest.raises(CommandError, match=f"“{moment}” says no time zone"):
        call_command("send_due", "--dry-run", "--at", moment)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00Z", "9999-12-31T23:59Z"])
def test_a_moment_at_either_end_of_the_calendar_is_one(moment: str) -> None:
    enrolled()
    assert said("send_due", "--dry-run", "--at", moment)[-1].endswith("cannot be written")


@pytest.mark.parametrize(
    "moment", ["2026-01-08T19:00Z", "2026-01-08 19:00+00:00", "2026-01-08T20:00+01:00"]
)
def test_a_moment_may_be_told_on_any_clock(moment: str) -> None:
    ann = enrolled()
    lines = said("send_due", "--dry-run", "--at", moment)
    assert f"2026-01-08T19:00Z  {ann.code}  session 1  would be sent" in lines


def test_nothing_is_sent_at_another_time_than_now() -> None:
    with pytest.raises(CommandError, match="--at goes with --dry-run"):
        call_command("send_due", "--at", "2026-10-25T09:00Z")
    with pytest.raises(CommandError, match="--at goes with --dry-run"):
        call_command("send_due", "--at")


@pytest.mark.parametrize("seconds", ["0", "-3", "0.5", "abc", "nan", "inf", "1e30", ""])
def test_rounds_without_a_rest_or_an_end_of_it_are_refused(seconds: str) -> None:
    with pytest.raises(CommandError, match="--every needs at least 1 second"):
        call_command("send_due", f"--every={seconds}")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--every"], "--every needs at least 1 second, not “”."),
        (["--every", "-3"], "--every needs at least 1 second, not “-3”."),
        (["--dry-run", "--at"], "“” is no moment. Write one like 2026-10-25T09:00Z."),
    ],
)
def test_what_is_typed_wrongly_exits_with_1_and_a_sentence(
    arguments: list[str], sentence: str
) -> None:
    typed = subprocess.run(
        [sys.executable, "manage.py", "send_due", *arguments],
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (typed.returncode, typed.stderr) == (1, f"CommandError: {sentence}\n")
