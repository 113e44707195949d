"""What has happened to a prompt stays as it was, whoever writes and by whatever way."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from scheduling import prompts
from scheduling.models import Prompt
from scheduling.prompts import FINAL, State
from tests.factories.scheduling import MONDAY, PromptFactory, WordingFactory

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(days=400)
IDENTITY = {"enrolment", "kind", "occurrence", "copy"}
PLAN = {"due_at", "local_date", "local_time", "zone"}
# Tied to the state by constraints of their own, and tried below.
BY_STATE = {"id", "state", "sending_since", "sent_at", "bounced_at", "complained_at"}
EVENTS = {"reason", "settled_at", "next_attempt_at"}
FIELDS = {field.name: field for field in Prompt._meta.concrete_fields}
SENTENCES = "cannot be changed|can be moved|keeps its"
CHANGEABLE = sorted(FIELDS.keys() - BY_STATE)
STATES = sorted(State)


def in_state(state: State, **fields: Any) -> Prompt:
    """One with a past, as real ones have in that state."""
    prompt = PromptFactory()
    wording = WordingFactory(study=prompt.enrolment.study, kind=prompt.kind)
    past = {
        "wording": wording,
        "message_id": "<sent@example.org>",
        "attempts": 1,
        "sent_at": MONDAY if state == State.SENT else None,
        "sending_since": MONDAY if state == State.SENDING else None,
        "settled_at": MONDAY if state in FINAL else None,
    }
    return PromptFactory(enrolment=prompt.enrolment, copy=1, state=state, **(past | fields))


def forged(prompt: Prompt, name: str) -> Any:
    """A value that this field could well have, and has not."""
    field = FIELDS[name]
    if isinstance(field, models.ForeignKey):
        others = {"enrolment": PromptFactory, "wording": WordingFactory}
        made = others[name]()
        return made.enrolment if name == "enrolment" else made
    by_name = {"kind": "farewell", "reason": "busy", "zone": "Asia/Tokyo"}
    by_kind: list[tuple[type[models.Field], Any]] = [
        (models.DateTimeField, LATER),
        (models.DateField, date(2027, 1, 1)),
        (models.TimeField, time(3)),
        (models.PositiveSmallIntegerField, 7),
        (models.CharField, "<forged@example.org>"),
    ]
    found = next(value for kind, value in by_kind if isinstance(field, kind))
    return by_name.get(name, found)


def by_update(prompt: Prompt, **fields: Any) -> None:
    Prompt.objects.filter(pk=prompt.pk).update(**fields)


def by_bulk_update(prompt: Prompt, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(prompt, name, value)
    Prompt.objects.bulk_update([prompt], list(fields))


def by_save(prompt: Prompt, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(prompt, name, value)
    prompt.save()


def by_sql(prompt: Prompt, **fields: Any) -> None:
    columns = ", ".join(f'"{FIELDS[name].column}" = %s' for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE scheduling_prompt SET {columns} WHERE id = %s",
            [*_stored(fields), prompt.pk],
        )


def _stored(fields: dict[str, Any]) -> list[Any]:
    return [
        FIELDS[name].get_db_prep_save(getattr(value, "pk", value), connection)
        for name, value in fields.items()
    ]


WAYS = [by_update, by_bulk_update, by_save, by_sql]
Way = Callable[..., None]


def refuses(way: Way, prompt: Prompt, **fields: Any) -> None:
    before = Prompt.objects.filter(pk=prompt.pk).values().get()
    with pytest.raises(IntegrityError, match=SENTENCES), transaction.atomic():
        way(prompt, **fields)
    assert Prompt.objects.filter(pk=prompt.pk).values().get() == before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", [*CHANGEABLE, "sent_at"])
def test_nothing_of_a_sent_prompt_changes_by_any_way(way: Way, name: str) -> None:
    prompt = in_state(State.SENT)
    refuses(way, prompt, **{name: forged(prompt, name)})


@pytest.mark.parametrize("state", STATES)
def test_what_can_change_is_less_and_less(state: State) -> None:
    """The plan while it is planned; what happens to it until the end; who it is for, never."""
    free = {State.PLANNED: set(CHANGEABLE) - IDENTITY - {"message_id"}}
    expected = set() if state in FINAL else free.get(state, EVENTS)
    prompt = in_state(state)
    assert {name for name in CHANGEABLE if _is_taken(prompt, name)} == expected


def _is_taken(prompt: Prompt, name: str) -> bool:
    value = forged(prompt, name)
    try:
        with transaction.atomic():
            by_update(prompt, **{name: value})
    except IntegrityError:
        return False
    return True


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.PLANNED, State.SENDING),
        (State.PLANNED, State.CANCELLED),
        (State.SENDING, State.PLANNED),
        (State.UNCONFIRMED, State.SENT),
    ],
)
@pytest.mark.parametrize("name", sorted(PLAN))
def test_no_step_moves_the_plan_along(way: Way, before: State, after: State, name: str) -> None:
    prompt = in_state(before)
    step = {
        "state": after,
        "sending_since": MONDAY if after == State.SENDING else None,
        "sent_at": MONDAY if after == State.SENT else None,
    }
    refuses(way, prompt, **step, **{name: forged(prompt, name)})
    by_update(prompt, **step)


@pytest.mark.parametrize("state", [State.SENDING, State.UNCONFIRMED])
@pytest.mark.parametrize("name", ["wording", "message_id", "attempts"])
def test_what_went_is_not_rewritten_as_it_is_settled(state: State, name: str) -> None:
    prompt = in_state(state)
    refuses(
        by_update, prompt, state="sent", sent_at=MONDAY, sending_since=None,
        **{name: forged(prompt, name)},
    )  # fmt: skip


def test_a_mail_tried_again_keeps_its_message_id_and_may_have_newer_words() -> None:
    prompt = in_state(State.SENDING)
    prompts.try_again(prompt, reason=Prompt.Reason.BUSY, at=LATER)
    newer = WordingFactory(study=prompt.enrolment.study, kind=prompt.kind, version=2)
    prompts.begin(prompt, wording=newer, message_id="<another@example.org>", now=LATER)
    prompt.refresh_from_db()
    assert (prompt.wording, prompt.message_id, prompt.attempts) == (newer, "<sent@example.org>", 2)


def fresh(state: State) -> Prompt:
    """In that state and never saved, without a contradiction in itself."""
    like = in_state(state)
    copy = Prompt.objects.get(pk=like.pk)
    copy.pk, copy.copy = None, 5
    copy._state.adding = True
    return copy


def by_raw_insert(prompt: Prompt) -> None:
    fields = {name: getattr(prompt, FIELDS[name].attname) for name in FIELDS if name != "id"}
    columns = ", ".join(f'"{FIELDS[name].column}"' for name in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO scheduling_prompt ({columns}) VALUES ({places})",
            _stored(fields),
        )


INSERTS = [lambda row: row.save(), lambda row: Prompt.objects.bulk_create([row]), by_raw_insert]


@pytest.mark.parametrize("insert", INSERTS, ids=["save", "bulk_create", "sql"])
@pytest.mark.parametrize("state", STATES)
def test_a_prompt_begins_as_planned(insert: Callable[[Prompt], object], state: State) -> None:
    row = fresh(state)
    if state == State.PLANNED:
        insert(row)
        return
    with pytest.raises(IntegrityError, match="begins as planned"), transaction.atomic():
        insert(row)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("again", [LATER, None])
@pytest.mark.parametrize("what", ["bounced_at", "complained_at"])
def test_a_sent_prompt_can_come_back_or_be_called_spam_once(
    way: Way, what: str, again: datetime | None
) -> None:
    prompt = in_state(State.SENT)
    way(prompt, **{what: MONDAY})
    assert getattr(Prompt.objects.get(pk=prompt.pk), what) == MONDAY
    refuses(way, prompt, **{what: again})


def test_saving_what_was_read_changes_nothing_and_is_taken() -> None:
    for state in STATES:
        Prompt.objects.get(pk=in_state(state).pk).save()


def test_the_factory_reaches_every_state_as_asked() -> None:
    for state in STATES:
        made = in_state(state)
        stored = Prompt.objects.get(pk=made.pk)
        for name in FIELDS:
            assert getattr(stored, name) == getattr(made, name), (state, name)
