"""Random lives, with the tick and without it: what always holds, whatever is done and in which order.

A day is chosen; then breaks, their ends, another week, another day or clock, weeks opened, mails in
flight, time with ticks, and time without. Hypothesis shows the shortest life that breaks a rule.
"""

import itertools
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from scheduling import preview, services, timetable
from scheduling.models import Prompt, Rhythm
from tests.factories.scheduling import MONDAY, enrolled
from tests.scheduling.lives import open_week, tick
from tests.services.databases import examples

ZONES = st.sampled_from(
    [
        "Europe/London",
        "America/New_York",
        "Pacific/Kiritimati",
        "Pacific/Niue",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Kolkata",
    ]
)
WEEKDAYS = st.integers(1, 7)
HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
MINUTE = timedelta(minutes=1)
STOPPABLE = {"session", "nudge", "farewell"}


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.before_all = transaction.savepoint()

    def teardown(self) -> None:
        try:
            # Longer than the longest: another week twenty times.
            self._live_on(self.now + timedelta(days=400))
            self._all_is_settled_and_was_in_order()
        finally:
            transaction.savepoint_rollback(self.before_all)

    @initialize(weekday=WEEKDAYS, hour=HOURS, zone=ZONES, minutes=st.integers(0, 365 * 24 * 60))
    def choose(self, weekday: int, hour: time, zone: str, minutes: int) -> None:
        self.now = MONDAY + minutes * MINUTE
        self.ann = enrolled(weekday=weekday, time=f"{hour:%H:%M}", zone=zone, now=self.now)
        tick(self.now)

    @rule(days=st.integers(1, 40))
    def pause(self, days: int) -> None:
        zone = Rhythm.objects.get(enrolment=self.ann).zone
        until = timetable.local(self.now, zone).date() + timedelta(days=days)
        self._change(preview.of_pausing, services.pause, until=until)

    @rule()
    def resume(self) -> None:
        self._change(preview.of_resuming, services.resume)

    @rule()
    def take_another_week(self) -> None:
        self._change(preview.of_another_week, services.another_week)

    @rule(weekday=WEEKDAYS, hour=HOURS, zone=ZONES)
    def change_day(self, weekday: int, hour: time, zone: str) -> None:
        chosen = {"weekday": weekday, "local_time": hour, "zone": zone}
        self._change(preview.of_changing_day, services.change_day, **chosen)

    @rule(hours=st.sampled_from([1, 6, 24, 48, 96, 168]))
    def live(self, hours: int) -> None:
        self._live_on(self.now + timedelta(hours=hours))

    @rule(hours=st.sampled_from([3, 30, 100, 240]))
    def outage(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(newest=st.booleans())
    def open_one(self, newest: bool) -> None:
        found = self.ann.sessions.open(self.now).filter(first_opened_at=None)
        weeks = sorted(found.values_list("module__week", flat=True), reverse=newest)
        if weeks:
            open_week(self.ann, weeks[0], self.now)

    @rule()
    def begin_to_send(self) -> None:
        """Another sender has the next mail in hand, and no answer yet."""
        first = Prompt.objects.due(self.now).filter(kind__in=STOPPABLE).first()
        if first is not None:
            self._put(first, state="sending", sending_since=self.now)

    @rule()
    def refuse_for_now(self) -> None:
        for each in self.ann.prompts.filter(state="sending"):
            self._put(each, state="planned", sending_since=None, reason="busy")

    @invariant()
    def each_week_is_later_than_the_one_before(self) -> None:
        due = [each.due_at for each in self._sessions()]
        assert all(before < after for before, after in itertools.pairwise(due))
        opens = [each.opens_at for each in self.ann.sessions.in_order()]
        assert all(before < after for before, after in itertools.pairwise(opens))

    @invariant()
    def a_week_opens_when_its_mail_is_due_or_is_open(self) -> None:
        for week, prompt in zip(self.ann.sessions.in_order(), self._sessions(), strict=True):
            assert week.opens_at == prompt.due_at or week.is_open(self.now)
            assert week.first_opened_at is None or week.is_open(week.first_opened_at)

    @invariant()
    def the_last_mail_comes_after_the_last_week(self) -> None:
        farewell = self.ann.prompts.get(kind="farewell")
        assert farewell.state != "planned" or farewell.due_at > self._sessions()[-1].due_at

    @invariant()
    def nothing_is_a_fault_of_ours(self) -> None:
        assert not self.ann.prompts.filter(reason="unrenderable").exists()

    def _change(
        self, shown: Callable[..., object], done: Callable[..., object], **chosen: Any
    ) -> None:
        """What is shown is done; what left its plan stays; what moves, moves to a time ahead."""
        before, open_before = self._rows(), self._open()
        said = shown(enrolment=self.ann, now=self.now, **chosen)
        assert done(enrolment=self.ann, now=self.now, **chosen) == said
        after = self._rows()
        assert open_before <= self._open()
        for pk, was in before.items():
            if was["state"] != "planned":
                assert after[pk] == was
            elif after[pk]["due_at"] != was["due_at"]:
                assert after[pk]["due_at"] > self.now

    def _live_on(self, until: datetime) -> None:
        """A minute past whatever is due, as the tick would be."""
        while True:
            self._tick()
            soon = self.ann.prompts.planned().order_by("next_attempt_at").first()
            if soon is None or max(self.now, soon.next_attempt_at) + MINUTE >= until:
                break
            self.now = max(self.now, soon.next_attempt_at) + MINUTE
        self.now = until

    def _tick(self) -> None:
        """Nothing that can be stopped goes in a break."""
        before = self._gone()
        tick(self.now)
        rhythm = Rhythm.objects.get(enrolment=self.ann)
        until, today = rhythm.paused_until, timetable.local(self.now, rhythm.zone).date()
        if until is not None and today < until:
            assert self._gone() == before

    def _all_is_settled_and_was_in_order(self) -> None:
        assert not self.ann.prompts.filter(state__in=["planned", "sending"]).exists()
        went = self.ann.prompts.filter(state="sent", copy=0).order_by("sent_at")
        weeks = [each.occurrence for each in went if each.kind == "session"]
        assert weeks == sorted(weeks)
        nudges = [each for each in went if each.kind == "nudge"]
        for before, after in itertools.pairwise(nudges):
            days = [timetable.local(each.sent_at, after.zone).date() for each in (before, after)]
            assert days[1] - days[0] >= timetable.WEEK
        for nudge in nudges:
            later = [
                each for each in went if each.kind == "session" and each.sent_at < nudge.sent_at
            ]
            assert later[-1].occurrence == nudge.occurrence

    def _put(self, prompt: Prompt, **fields: Any) -> None:
        Prompt.objects.filter(pk=prompt.pk).update(**fields)

    def _sessions(self) -> list[Prompt]:
        return list(self.ann.prompts.filter(kind="session", copy=0).order_by("occurrence"))

    def _rows(self) -> dict[int, dict[str, Any]]:
        return {each["id"]: each for each in self.ann.prompts.values()}

    def _open(self) -> set[int]:
        return set(self.ann.sessions.open(self.now).values_list("pk", flat=True))

    def _gone(self) -> int:
        return self.ann.prompts.filter(kind__in=STOPPABLE, state="sent").count()


@pytest.mark.django_db
def test_whatever_is_done_the_weeks_come_in_order_and_stay_open(mailoutbox) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples(20),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
