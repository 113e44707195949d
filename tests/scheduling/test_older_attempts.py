"""Who was cut off for long comes back with an old answer: it is about no attempt but its own."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from scheduling import delivery, outcomes, taking
from scheduling.models import MailSender, Prompt
from scheduling.outcomes import Outcome
from scheduling.taking import Step, Taker
from scheduling.transport import Phase, Refused, open_transport
from tests.factories.scheduling import MONDAY, PromptFactory
from tests.services.smtp import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)

LATER = MONDAY + timedelta(minutes=2)
BUSY = Refused(Phase.DOT, 451, b"4.3.0 Later")
SPAM = Refused(Phase.DOT, 554, b"5.7.1 Spam")


def elsewhere(work: Callable[[], Any]) -> Any:
    """With a connection of its own."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def taken(at: Any) -> Step:
    step = elsewhere(lambda: Taker().next_step(settling=None, now=at))
    assert step.letter is not None
    return step


def test_a_second_settling_leaves_the_next_attempt_alone(mail_over_smtp: SmtpSink) -> None:
    """A commit was made, its answer was lost, and another sender took the row meanwhile."""
    row = PromptFactory(due_at=MONDAY)
    first = Outcome(prompt=taken(MONDAY).prompt, error=BUSY, at=MONDAY)
    prompt = Prompt.objects.get(pk=row.pk)
    taking.settle_last(Outcome(prompt=prompt, error=BUSY, at=MONDAY))
    second = taken(LATER)
    taking.settle_last(first)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("sending", 2)
    with open_transport() as transport:
        taking.settle_last(outcomes.attempt(second.letter, transport, lambda: LATER))
    delivery.run(clock=lambda: LATER + timedelta(minutes=5), limit=5)
    row.refresh_from_db()
    assert (row.state, row.attempts, len(mail_over_smtp.received)) == ("sent", 2, 1)


def test_a_refusal_that_is_settled_twice_is_counted_once() -> None:
    PromptFactory(due_at=MONDAY)
    prompt = taken(MONDAY).prompt
    again = Prompt.objects.get(pk=prompt.pk)
    for each in (prompt, again):
        taking.settle_last(Outcome(prompt=each, error=SPAM, at=MONDAY))
    assert MailSender.objects.get().refusals == 1


def test_what_ends_a_round_does_not_take_the_answer_along(mail_over_smtp: SmtpSink) -> None:
    for _each in range(2):
        PromptFactory(due_at=MONDAY)

    def stop() -> bool:
        if mail_over_smtp.received:
            raise OperationalError("database is locked")
        return False

    with pytest.raises(OperationalError, match="locked"):
        delivery.run(clock=lambda: MONDAY, stop=stop)
    assert sorted(Prompt.objects.values_list("state", flat=True)) == ["planned", "sent"]


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite keeps what it planned itself")
def test_a_column_that_changes_meanwhile_stops_nobody(mail_over_smtp: SmtpSink) -> None:
    """As when migrations run before the senders are started anew."""
    assert connection.vendor == "postgresql"
    for _each in range(3):
        PromptFactory(due_at=MONDAY)
    changed: list[bool] = []

    def change() -> bool:
        if len(mail_over_smtp.received) == 1 and not changed:
            changed.append(elsewhere(lambda: reason_of(32)))
        return False

    try:
        assert delivery.run(clock=lambda: MONDAY, stop=change, limit=10).sent == 3
    finally:
        reason_of(16)
        connections.close_all()
    assert set(Prompt.objects.values_list("state", "attempts")) == {("sent", 1)}
    assert len(mail_over_smtp.received) == 3


def reason_of(length: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE scheduling_prompt ALTER COLUMN reason TYPE varchar({length})")
    return True
