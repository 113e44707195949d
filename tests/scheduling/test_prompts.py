"""Which state may follow which: in the one module that changes them, and in the database itself."""

import itertools
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from scheduling import prompts
from scheduling.models import Prompt
from scheduling.prompts import TRANSITIONS, IllegalTransition, Reason, State
from tests.factories.scheduling import MONDAY, PromptFactory, WordingFactory

pytestmark = pytest.mark.django_db

PAIRS = list(itertools.permutations(State, 2))
# In a fixed order: sets have none, and every worker must collect the same tests.
ALLOWED = [(before, after) for before, after in PAIRS if after in TRANSITIONS[before]]


def in_state(state: State) -> Prompt:
    prompt = PromptFactory()
    wording = WordingFactory(study=prompt.enrolment.study, kind=prompt.kind)
    return PromptFactory(
        enrolment=prompt.enrolment,
        copy=1,
        state=state,
        wording=wording,
        sent_at=MONDAY if state == State.SENT else None,
        sending_since=MONDAY if state == State.SENDING else None,
    )


def change(prompt: Prompt, to: State) -> None:
    changes: dict[State, Callable[[], object]] = {
        State.SENDING: lambda: prompts.begin(
            prompt, wording=prompt.wording, message_id="<1@x>", now=MONDAY
        ),
        State.SENT: lambda: prompts.sent(prompt, now=MONDAY),
        State.FAILED: lambda: prompts.failed(prompt, reason=Reason.MAIL_REFUSED, now=MONDAY),
        State.UNCONFIRMED: lambda: prompts.unconfirmed(prompt, reason=Reason.NO_ANSWER),
        State.PLANNED: lambda: prompts.try_again(prompt, reason=Reason.BUSY, at=MONDAY),
        State.SKIPPED: lambda: prompts.skip(prompt, reason=Reason.FINISHED, now=MONDAY),
        State.MISSED: lambda: prompts.miss(prompt, now=MONDAY),
        State.CANCELLED: lambda: prompts.cancel(prompt, reason=Reason.WITHDRAWN, now=MONDAY),
    }
    changes[to]()


def test_the_table_is_the_one_we_mean() -> None:
    assert sorted(f"{before} {after}" for before, after in ALLOWED) == [
        "planned cancelled",
        "planned missed",
        "planned sending",
        "planned skipped",
        "sending failed",
        "sending planned",
        "sending sent",
        "sending unconfirmed",
        "unconfirmed sent",
    ]


@pytest.mark.parametrize(("before", "after"), ALLOWED)
def test_a_legal_change_is_made(before: State, after: State) -> None:
    prompt = in_state(before)
    change(prompt, after)
    assert prompt.state == after
    assert Prompt.objects.get(pk=prompt.pk).state == after


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair not in ALLOWED])
def test_an_illegal_change_raises_and_changes_nothing(before: State, after: State) -> None:
    prompt = in_state(before)
    with pytest.raises(IllegalTransition, match=f"cannot become {after} from {before}"):
        change(prompt, after)
    assert Prompt.objects.get(pk=prompt.pk).state == before


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair not in ALLOWED])
def test_the_database_refuses_an_illegal_change_by_any_way(before: State, after: State) -> None:
    prompt = in_state(before)
    fields = {
        "state": after,
        "sent_at": MONDAY if after == State.SENT else None,
        "sending_since": MONDAY if after == State.SENDING else None,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Prompt.objects.filter(pk=prompt.pk).update(**fields)


def test_of_two_that_race_one_is_told() -> None:
    prompt = in_state(State.SENDING)
    same = Prompt.objects.get(pk=prompt.pk)
    prompts.sent(prompt, now=MONDAY)
    with pytest.raises(IllegalTransition):
        prompts.failed(same, reason=Reason.MAIL_REFUSED, now=MONDAY)


@pytest.mark.parametrize("settle", [prompts.settle_by_link, prompts.settle_by_staff])
@pytest.mark.parametrize(
    ("state", "settled"), [(State.UNCONFIRMED, True), (State.SENT, False), (State.PLANNED, False)]
)
def test_only_what_is_unconfirmed_is_settled(settle, state: State, settled: bool) -> None:
    prompt = in_state(state)
    assert settle(prompt, now=MONDAY) is settled
    prompt.refresh_from_db()
    assert prompt.state == (State.SENT if settled else state)


def test_a_sent_prompt_cannot_be_moved_redated_or_deleted() -> None:
    prompt = in_state(State.SENT)
    rows = Prompt.objects.filter(pk=prompt.pk)
    later = prompt.due_at.replace(year=2027)
    for change_it in (
        lambda: rows.update(due_at=later),
        lambda: rows.update(sent_at=later),
        rows.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change_it()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "lost"},
        {"state": "sent"},
        {"sent_at": MONDAY},
        {"state": "sending"},
        {"sending_since": MONDAY},
        {"bounced_at": MONDAY},
    ],
)
def test_the_database_refuses_a_row_that_contradicts_itself(fields: dict) -> None:
    enrolment = PromptFactory().enrolment
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptFactory(enrolment=enrolment, copy=1, **fields)


def test_there_is_one_row_for_each_occasion_and_copy() -> None:
    prompt = PromptFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptFactory(enrolment=prompt.enrolment, kind=prompt.kind)
