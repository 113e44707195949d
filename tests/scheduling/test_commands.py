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
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from scheduling import rehearsal, sender, services
from scheduling.management.commands import send_due
from scheduling.models import Heartbeat, Prompt, Rhythm, Wording
from scheduling.services import rules
from tests.factories.scheduling import MONDAY, PromptFactory, enrolled
from tests.scheduling.lives import at, finish_week, live, row, tick, told

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


NOT_TO_BE_TOUCHED = [
    model
    for label in ("scheduling", "participants", "studies", "courses", "sessions", "account")
    for model in apps.get_app_config(label).get_models()
]


def everything() -> dict[str, list[dict[str, object]]]:
    """Every row of every table of ours."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in NOT_TO_BE_TOUCHED
    }


def test_a_rehearsal_says_who_would_get_what_and_changes_nothing(mailoutbox) -> None:
    study = enrolled().study
    ann, bob = (enrolled(study=study) for _each in range(2))
    for person in (ann, bob):
        Prompt.objects.filter(enrolment=person, kind="welcome").delete()
    tick(MONDAY)
    mailoutbox.clear()
    Heartbeat.objects.all().delete()
    finish_week(bob, 1, MONDAY)
    before = everything()
    lines = said("send_due", "--dry-run", "--at", "2026-01-08T19:00Z")
    assert f"2026-01-08T19:00Z  {ann.code}  session 1  would be sent" in lines
    assert (
        f"2026-01-08T19:00Z  {bob.code}  session 1  not needed: The week was finished already"
        in lines
    )
    assert lines[-1] == (
        "2 would be sent, 1 not needed, 0 too late, 0 would move, 0 cannot be written"
    )
    assert len(lines) == 4
    assert not any("@" in line for line in lines)
    assert everything() == before
    assert not Heartbeat.objects.exists()
    assert mailoutbox == []


def test_a_rehearsal_of_now_needs_no_moment() -> None:
    enrolled()
    assert said("send_due", "--dry-run")[-1].endswith("0 cannot be written")


def test_where_nothing_is_due_a_rehearsal_says_so() -> None:
    assert said("send_due", "--dry-run", "--at", "2026-01-01T00:00Z") == [
        "0 would be sent, 0 not needed, 0 too late, 0 would move, 0 cannot be written"
    ]


@time_machine.travel("2026-01-06T09:00Z", tick=False)
def test_a_rehearsal_of_a_day_ahead_takes_what_is_before_it_as_sent(mailoutbox) -> None:
    """Two weeks and a reminder from now: the mails before them will have gone by then."""
    ann = enrolled()
    tick(MONDAY)
    before = everything()
    lines = said("send_due", "--dry-run", "--at", "2026-01-26T00:00Z")
    assert lines == [
        "Until 2026-01-26T00:00+0000, if every mail goes when it is due:",
        f"2026-01-08T19:00Z  {ann.code}  session 1  would be sent",
        f"2026-01-11T19:00Z  {ann.code}  nudge 1  would be sent",
        f"2026-01-15T19:00Z  {ann.code}  session 2  would be sent",
        f"2026-01-18T19:00Z  {ann.code}  nudge 2  would be sent",
        f"2026-01-22T19:00Z  {ann.code}  session 3  would be sent",
        f"2026-01-25T19:00Z  {ann.code}  nudge 3  "
        "not needed: Two weeks unopened: no more reminders",
        "5 would be sent, 1 not needed, 0 too late, 0 would move, 0 cannot be written",
    ]
    assert everything() == before
    live(at("2026-01-06 09:00"), at("2026-01-26 00:00"))
    sent = Prompt.objects.filter(state="sent").exclude(kind="welcome").order_by("due_at")
    assert [f"{each.kind} {each.occurrence}" for each in sent] == [
        "session 1",
        "nudge 1",
        "session 2",
        "nudge 2",
        "session 3",
    ]


def test_a_rehearsal_follows_a_reminder_to_the_day_it_moves_to(mailoutbox) -> None:
    """The tick stood for two days over the first week's mail; its reminder comes three days after
    that went, and the second week's is then less than a week behind it.
    """
    ann = enrolled()
    tick(MONDAY)
    now = at("2026-01-10 20:00")
    tick(now)
    with time_machine.travel(now, tick=False):
        lines = said("send_due", "--dry-run", "--at", "2026-01-19T00:00Z")
    assert lines[1:-1] == [
        f"2026-01-13T19:00Z  {ann.code}  nudge 1  would be sent",
        f"2026-01-15T19:00Z  {ann.code}  session 2  would be sent",
        f"2026-01-18T19:00Z  {ann.code}  nudge 2  "
        "not needed: Two weeks unopened: no more reminders",
    ]
    live(now, at("2026-01-19 00:00"))
    came = [told(row(ann, *each)) for each in (("nudge", 1), ("session", 2), ("nudge", 2))]
    assert came == ["sent", "sent", "skipped quiet"]


def test_a_rehearsal_of_a_day_before_that_says_that_it_would_move(mailoutbox) -> None:
    ann = enrolled()
    tick(MONDAY)
    now = at("2026-01-10 20:00")
    tick(now)
    with time_machine.travel(now, tick=False):
        lines = said("send_due", "--dry-run", "--at", "2026-01-12T00:00Z")
    assert lines[1:-1] == [f"2026-01-11T19:00Z  {ann.code}  nudge 1  would move"]


def test_a_rehearsal_after_an_outage_says_what_the_next_round_would_do(mailoutbox) -> None:
    """The tick stood for eleven days."""
    ann = enrolled()
    tick(MONDAY)
    lines = said("send_due", "--dry-run", "--at", "2026-01-16T20:00Z")
    told = [line.split("  ", 2)[2] for line in lines[:-1]]
    assert told == [
        "session 1  too late: The time for it had passed",
        "nudge 1  not needed: The session’s own mail was not sent",
        "session 2  would be sent",
    ]
    tick(at("2026-01-16 20:00"))
    states = [row(ann, kind, week).state for week in (1, 2) for kind in ("session", "nudge")]
    assert states == ["missed", "skipped", "sent", "planned"]


def test_a_rehearsal_says_what_cannot_be_written_and_no_more_of_it(mailoutbox) -> None:
    """Words that were saved round the form."""
    ann = enrolled()
    tick(MONDAY)
    services.write_now(enrolment=ann, kind="consent_copy", now=at("2026-01-08 18:00"))
    new = Wording.objects.in_use(ann.study.pk, "session")
    new.pk, new.version, new.body = None, 2, "Dear {name},"
    new.save(force_insert=True)
    lines = said("send_due", "--dry-run", "--at", "2026-01-08T19:00Z")
    assert [line.split("  ", 2)[2] for line in lines[:-1]] == [
        "consent_copy 0  would be sent",
        "session 1  cannot be written: KeyError",
    ]
    assert lines[-1].endswith("1 cannot be written")


def test_a_rehearsal_says_that_the_sender_is_stopped() -> None:
    sender.stop("AUTH 535 5.7.8", now=MONDAY)
    assert said("send_due", "--dry-run", "--at", "2026-01-05T09:00Z")[0] == (
        "The sender is stopped since 2026-01-05T09:00Z (AUTH 535 5.7.8): "
        "nothing goes before it stands again."
    )


def test_a_rehearsal_writes_no_words_for_a_study_that_has_none() -> None:
    ann = enrolled()
    Wording.objects.all().delete()
    lines = said("send_due", "--dry-run", "--at", "2026-01-08T19:00Z")
    assert f"2026-01-08T19:00Z  {ann.code}  session 1  would be sent" in lines
    assert not Wording.objects.exists()


def test_a_rehearsal_of_many_asks_no_more_than_one_of_few() -> None:
    study = enrolled().study
    Prompt.objects.filter(kind="welcome").delete()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            said("send_due", "--dry-run", "--at", "2026-01-08T19:00Z")
        return len(asked)

    few = queries()
    for _each in range(12):
        Prompt.objects.filter(enrolment=enrolled(study=study), kind="welcome").delete()
    assert queries() == few


def test_a_rehearsal_holds_but_some_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(rehearsal, "_AT_ONCE", 2)
    people = [enrolled() for _each in range(5)]
    lines = said("send_due", "--dry-run", "--at", "2026-01-08T19:00Z")
    assert sum("session 1  would be sent" in line for line in lines) == len(people)


def an_hour_out(rows) -> None:
    """As if the rules that these rows were made with had been another hour's."""
    for prompt in rows:
        Prompt.objects.filter(pk=prompt.pk).update(due_at=prompt.due_at - timedelta(hours=1))


@time_machine.travel(MONDAY, tick=False)
def test_rederive_takes_up_new_rules_for_all_who_take_part() -> None:
    ann = enrolled()
    an_hour_out(ann.prompts.filter(kind="session"))
    assert said("rederive_prompts") == ["4 moved"]
    assert ann.prompts.get(kind="session", occurrence=1).due_at == at("2026-01-08 19:00")
    assert said("rederive_prompts") == ["0 moved"]


@time_machine.travel(MONDAY, tick=False)
def test_rederive_writes_the_rows_that_change_and_no_other() -> None:
    ann, bob = enrolled(), enrolled(zone="Asia/Kolkata")
    an_hour_out(ann.prompts.filter(kind="session", occurrence=3))
    before = {each.pk: each.due_at for each in Prompt.objects.all()}
    with CaptureQueriesContext(connection) as asked:
        assert said("rederive_prompts") == ["1 moved"]
    written = [each["sql"] for each in asked if each["sql"].startswith("UPDATE")]
    assert [sql.split('"')[1] for sql in written] == [
        "scheduling_prompt",
        "participants_session",
    ]
    after = {each.pk: each.due_at for each in Prompt.objects.all()}
    third = row(ann, "session", 3)
    assert {pk for pk in after if after[pk] != before[pk]} == {third.pk}
    assert ann.sessions.get(module__week=3).opens_at == third.due_at
    assert bob.prompts.filter(state="planned").exists()


def test_rederive_asks_one_thing_where_no_rule_has_changed() -> None:
    for zone in ("Europe/London", "Asia/Kolkata", "Australia/Lord_Howe"):
        enrolled(zone=zone)
    with CaptureQueriesContext(connection) as asked:
        assert said("rederive_prompts") == ["0 moved"]
    of_ours = [each for each in asked if "scheduling_prompt" in each["sql"]]
    assert len(of_ours) == 1


@time_machine.travel(MONDAY, tick=False)
def test_rederive_says_which_zone_is_no_more_and_leaves_its_rows() -> None:
    ann, bob = enrolled(), enrolled()
    ann.prompts.update(zone="Europe/Gone")
    an_hour_out(ann.prompts.all())
    an_hour_out(bob.prompts.filter(kind="session"))
    before = list(ann.prompts.order_by("pk").values())
    out, err = StringIO(), StringIO()
    call_command("rederive_prompts", stdout=out, stderr=err)
    assert out.getvalue() == "4 moved\n"
    assert err.getvalue() == "Europe/Gone is no time zone any more: what is planned there stays\n"
    assert list(ann.prompts.order_by("pk").values()) == before


@time_machine.travel(MONDAY, tick=False)
def test_rederive_passes_by_who_left_in_the_same_moment(monkeypatch) -> None:
    ann, bob = enrolled(), enrolled()
    an_hour_out(Prompt.objects.filter(kind="session"))
    found = rules.people_in(frozenset({"Europe/London"}))
    monkeypatch.setattr(rules, "people_in", lambda _zones: found)
    Rhythm.objects.filter(enrolment=ann).delete()
    err = StringIO()
    call_command("rederive_prompts", stdout=StringIO(), stderr=err)
    assert err.getvalue() == f"{ann.code} is not taking part: passed by\n"
    assert row(bob, "session", 1).due_at == at("2026-01-08 19:00")


@pytest.mark.django_db(transaction=True)
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
