"""Whatever happens after a cut, and in which order: its files stay the same to the byte."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from monitoring.export.cut import Cut
from monitoring.export.making import Export
from monitoring.models import StaffAction
from participants import playback
from participants.models import Enrolment, Session
from participants.services import finish_session
from scheduling import prompts
from scheduling.models import Prompt
from scheduling.services import leave
from tests.factories.studies import ArmFactory
from tests.monitoring_export.world import play, practise, read
from tests.scheduling.test_plan_lives import Life
from tests.services.databases import examples

MOST_CUTS = 4


class LifeWithCuts(Life):
    """The life of tests/scheduling, with use of the weeks, mail that comes back, and arms."""

    def __init__(self) -> None:
        super().__init__()
        self.cuts: list[tuple[Cut, dict[str, str]]] = []

    @rule()
    def cut(self) -> None:
        if len(self.cuts) < MOST_CUTS:
            until = self.now.replace(microsecond=0)
            cut = Cut(study=self.ann.study, until=until, with_test=True, with_arm=True)
            self.cuts.append((cut, exported(cut)))
            # Whatever comes next is later.
            self.now += timedelta(seconds=1)

    @rule(what=st.sampled_from(["play", "read", "practise", "measure", "finish"]))
    def use(self, what: str) -> None:
        for week in Session.objects.filter(enrolment=self.ann).open(self.now)[:1]:
            DEEDS[what](week, self.now)

    @rule()
    def mail_comes_back(self) -> None:
        for mail in Prompt.objects.filter(enrolment=self.ann, state="sent", bounced_at=None)[:1]:
            prompts.bounced(mail, now=self.now)

    @rule()
    def mail_is_called_spam(self) -> None:
        for mail in Prompt.objects.filter(enrolment=self.ann, state="sent", complained_at=None)[:1]:
            prompts.complained(mail, now=self.now)

    @rule(key=st.sampled_from(["guided", "waiting"]))
    def record_arm(self, key: str) -> None:
        study = self.ann.study
        arm = study.arms.filter(key=key).first() or ArmFactory(study=study, key=key)
        Enrolment.objects.filter(pk=self.ann.pk).update(arm=arm, allocated_at=self.now)
        StaffAction.objects.create(
            study=study, enrolment=self.ann, kind="allocate", why="-", at=self.now,
            details={"arm": key},
        )  # fmt: skip

    def teardown(self) -> None:
        try:
            self._live_on(self.now + timedelta(days=40))
            for level in (Enrolment.Withdrawal.TRAINING, Enrolment.Withdrawal.EVERYTHING):
                leave(enrolment=self.ann, level=level, reason="", now=self.now)
                self.now += timedelta(days=1)
            for cut, before in self.cuts:
                assert exported(cut) == before
        finally:
            transaction.savepoint_rollback(self.before_all)


DEEDS: dict[str, Any] = {
    "play": lambda week, now: play(week, started=now - timedelta(minutes=5), now=now),
    "read": lambda week, now: read(week, now=now),
    "practise": lambda week, now: practise(week, now=now),
    "measure": lambda week, now: playback.measurable(session=week, now=now),
    "finish": lambda week, now: finish_session(session=week, now=now),
}


def exported(cut: Cut) -> dict[str, str]:
    """Within this test's own transaction, and so without a snapshot."""
    return {name: b"".join(content).decode() for name, content in Export(cut).files()}


@pytest.mark.django_db
def test_whatever_happens_later_a_cut_stays_as_it_was(mailoutbox: Any) -> None:
    run_state_machine_as_test(
        LifeWithCuts,
        settings=settings(
            max_examples=examples(15),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
