"""`send_due` and `rederive_prompts`, as someone types them."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.forms.models import model_to_dict
from django.utils import timezone

from scheduling.management.commands import send_due
from scheduling.models import Heartbeat, Prompt
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.scheduling.lives import at, finish_week, tick

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> list[str]:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().splitlines()


def test_send_due_sends_beats_and_says_how_many(mailoutbox) -> None:
    PromptFactory(due_at=timezone.now() - timedelta(minutes=1))
    assert said("send_due") == ["1 sent, 0 not"]
    assert len(mailoutbox) == 1
    assert Heartbeat.objects.filter(name="tick").exists()
    assert said("send_due") == []


def test_a_round_that_takes_long_beats_all_the_while(mailoutbox) -> None:
    start = timezone.now()
    PromptFactory(due_at=start - timedelta(minutes=1))
    with time_machine.travel(start) as traveller:

        class Slow(threading.Event):
            """An hour goes by before each mail."""

            def is_set(self) -> bool:
                traveller.shift(timedelta(hours=1))
                return super().is_set()

        send_due.Command(stdout=StringIO()).round(Slow())
    assert Heartbeat.objects.get().beat_at >= start + timedelta(hours=1)


def test_a_rehearsal_says_who_would_get_what_and_changes_nothing(mailoutbox) -> None:
    study = enrolled().study
    ann, bob = (enrolled(study=study) for _each in range(2))
    for person in (ann, bob):
        Prompt.objects.filter(enrolment=person, kind="welcome").delete()
    tick(MONDAY)
    mailoutbox.clear()
    finish_week(bob, 1, MONDAY)
    before = [model_to_dict(each) for each in Prompt.objects.order_by("pk")]
    lines = said("send_due", "--dry-run", "--at", "2026-01-08T19:00Z")
    assert f"2026-01-08T19:00Z  {ann.code}  session 1  would be sent" in lines
    assert (
        f"2026-01-08T19:00Z  {bob.code}  session 1  not needed: The week was finished already"
        in lines
    )
    assert len(lines) == 3
    assert not any("@" in line for line in lines)
    assert [model_to_dict(each) for each in Prompt.objects.order_by("pk")] == before
    assert mailoutbox == []


def test_a_rehearsal_of_now_needs_no_moment() -> None:
    enrolled()
    assert said("send_due", "--dry-run") != []


@pytest.mark.parametrize(
    "moment", ["tomorrow", "2026-10-25", "2026-10-25T09:00", "2026-13-01T09:00Z"]
)
def test_a_moment_that_is_none_is_refused(moment: str) -> None:
    with pytest.raises(CommandError, match="is no moment"):
        call_command("send_due", "--dry-run", "--at", moment)


def test_nothing_is_sent_at_another_time_than_now() -> None:
    with pytest.raises(CommandError, match="--at goes with --dry-run"):
        call_command("send_due", "--at", "2026-10-25T09:00Z")


def test_rederive_takes_up_new_rules_for_all_who_take_part() -> None:
    ann = enrolled()
    hour = timedelta(hours=1)
    for prompt in ann.prompts.filter(kind="session"):
        Prompt.objects.filter(pk=prompt.pk).update(due_at=prompt.due_at - hour)
    assert said("rederive_prompts") == ["4 moved"]
    assert ann.prompts.get(kind="session", occurrence=1).due_at == at("2026-01-08 19:00")


def test_send_due_every_goes_on_after_a_round_that_failed(mailoutbox, settings, caplog) -> None:
    """The settings name no way to send; when they do again, the next round sends."""
    PromptFactory(due_at=timezone.now())
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "no.such.Backend"

    class Rounds(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            """After the first round the settings are mended; after the second it ends."""
            if works == settings.EMAIL_BACKEND:
                self.set()
            settings.EMAIL_BACKEND = works
            return self.is_set()

    send_due.Command(stdout=StringIO()).go_on(60, Rounds())
    assert len(mailoutbox) == 1
    assert caplog.messages == ["a round failed: ImproperlyConfigured"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_send_due_every_second_writes_files_and_ends_when_asked(end: int, tmp_path: Path) -> None:
    prompt = PromptFactory(due_at=timezone.now())
    database = connection.settings_dict
    url = (
        f"sqlite:///{database['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    )
    process = subprocess.Popen(
        [sys.executable, "manage.py", "send_due", "--every", "1"],
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "EMAIL_URL": f"filemail://{tmp_path}/mail"},
        stdout=subprocess.DEVNULL,
    )
    for _each in range(300):
        prompt.refresh_from_db()
        if prompt.state == "sent":
            break
        time.sleep(0.1)
    process.send_signal(end)
    assert process.wait(timeout=10) == 0
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert f"To: {prompt.enrolment.user.email}".encode() in file.read_bytes()
