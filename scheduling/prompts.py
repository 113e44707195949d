"""Every change of a prompt's state. Nothing else in the platform writes `Prompt.state`.

    planned ──> sending ──> sent | failed | unconfirmed | planned (to be tried again)
    planned ──> skipped | missed | cancelled
    unconfirmed ──> sent

Each change is one UPDATE that names the state it leaves and the attempt it is about, so of two that
race one finds nothing to change and raises, and so does one that speaks of an older attempt. The
database refuses every other change (`scheduling.guards`).
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import PositiveSmallIntegerField, QuerySet

from scheduling.models import Prompt, Wording
from scheduling.prepared import Change, Given

State = Prompt.State
Reason = Prompt.Reason

TRANSITIONS: dict[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.SENDING, State.SKIPPED, State.MISSED, State.CANCELLED}),
    State.SENDING: frozenset({State.SENT, State.FAILED, State.UNCONFIRMED, State.PLANNED}),
    State.UNCONFIRMED: frozenset({State.SENT}),
    State.SENT: frozenset(),
    State.FAILED: frozenset(),
    State.SKIPPED: frozenset(),
    State.MISSED: frozenset(),
    State.CANCELLED: frozenset(),
}
FINAL = frozenset({State.SENT, State.FAILED, State.SKIPPED, State.MISSED, State.CANCELLED})


class IllegalTransition(Exception):
    """The prompt is not in a state that this change may leave."""

    def __init__(self, prompt: Prompt, to: State) -> None:
        super().__init__(f"prompt {prompt.pk} cannot become {to} from {prompt.state}")


def begin(prompt: Prompt, *, wording: Wording, message_id: str, now: datetime) -> None:
    """planned → sending. From the commit of this on, a crash leaves the row for `give_up`."""
    fields = beginning(prompt, wording=wording, message_id=message_id, now=now)
    _change(prompt, State.SENDING, **fields)


def beginning(
    prompt: Prompt, *, wording: Wording, message_id: str, now: datetime
) -> dict[str, Any]:
    """What a row that is begun says."""
    return {
        "sending_since": now,
        "attempted_at": now,
        "attempts": prompt.attempts + 1,
        "message_id": prompt.message_id or message_id,
        "wording": wording,
        "reason": Reason.NONE,
    }


def sent(prompt: Prompt, *, now: datetime) -> None:
    """sending or, by a worker that came late, unconfirmed → sent."""
    _sent(prompt, at=now, now=now)


def failed(prompt: Prompt, *, reason: Reason, now: datetime) -> None:
    """sending → failed: the server said no, for good."""
    _change(prompt, State.FAILED, sending_since=None, settled_at=now, reason=reason)


def unconfirmed(prompt: Prompt, *, reason: Reason) -> None:
    """sending → unconfirmed: it may have arrived or not, so it is not sent again by itself."""
    _change(prompt, State.UNCONFIRMED, sending_since=None, reason=reason)


def try_again(prompt: Prompt, *, reason: Reason, at: datetime) -> None:
    """sending → planned, with the next attempt at `at`: the server has certainly not taken it."""
    _change(prompt, State.PLANNED, sending_since=None, reason=reason, next_attempt_at=at)


def skip(prompt: Prompt, *, reason: Reason, now: datetime) -> None:
    """planned → skipped: there is no need for it."""
    _change(prompt, State.SKIPPED, settled_at=now, reason=reason)


def miss(prompt: Prompt, *, now: datetime) -> None:
    """planned → missed: it was due, and could not go in time. A deviation."""
    _change(prompt, State.MISSED, settled_at=now, reason=Reason.TOO_LATE)


def cancel(prompt: Prompt, *, reason: Reason, now: datetime) -> None:
    """planned → cancelled: the plan it belonged to is no more."""
    _change(prompt, State.CANCELLED, settled_at=now, reason=reason)


def settle_by_link(prompt: Prompt, *, now: datetime) -> bool:
    """unconfirmed → sent: someone pressed the button behind this very mail's link.

    Call it for a POST only; scanners fetch links. Returns whether there was anything to settle.
    """
    return _settle(prompt, now=now)


def settle_by_staff(prompt: Prompt, *, now: datetime) -> bool:
    """unconfirmed → sent, on the word of staff. Returns whether there was anything to settle."""
    return _settle(prompt, now=now)


def bounced(prompt: Prompt, *, now: datetime) -> bool:
    """A mail that was sent came back. Returns whether that is news."""
    return _heard(prompt, "bounced_at", now)


def complained(prompt: Prompt, *, now: datetime) -> bool:
    """A mail that was sent was called spam by who got it. Returns whether that is news."""
    return _heard(prompt, "complained_at", now)


def _heard(prompt: Prompt, what: str, now: datetime) -> bool:
    """Of one in flight or unconfirmed we learn by this that it was sent."""
    prompt.refresh_from_db(fields=["state", "attempts", "attempted_at"])
    if prompt.state in {State.SENDING, State.UNCONFIRMED}:
        with suppress(IllegalTransition):  # its sender, or its reader, said so in this moment
            _sent(prompt, at=prompt.attempted_at or now, now=now)
    first = Prompt.objects.filter(pk=prompt.pk, state=State.SENT, **{what: None})
    return bool(first.update(**{what: now}))


def _settle(prompt: Prompt, *, now: datetime) -> bool:
    """It went when it was tried; `now` is when we know."""
    prompt.refresh_from_db(fields=["state", "attempts", "attempted_at"])
    if prompt.state != State.UNCONFIRMED:
        return False
    _sent(prompt, at=prompt.attempted_at or now, now=now)
    return True


def _sent(prompt: Prompt, *, at: datetime, now: datetime) -> None:
    _change(prompt, State.SENT, **being_sent(at=at, now=now))


def being_sent(*, at: datetime, now: datetime) -> dict[str, Any]:
    """What a row that is sent says."""
    return {"sending_since": None, "sent_at": at, "settled_at": now, "reason": Reason.NONE}


def _change(prompt: Prompt, to: State, **fields: Any) -> None:
    """`prompt.attempts` is the fence: who was cut off for long must not touch the next attempt."""
    attempt = prompt.attempts
    if not statement(to, tuple(fields)).run(pk=prompt.pk, attempt=attempt, **fields):
        prompt.refresh_from_db(fields=["state"])
        raise IllegalTransition(prompt, to)
    became(prompt, to, fields)


def became(prompt: Prompt, to: State, fields: dict[str, Any]) -> None:
    prompt.state = to
    for name, value in fields.items():
        setattr(prompt, name, value)


@cache
def statement(
    to: State,
    names: tuple[str, ...],
    rows: Callable[[], QuerySet[Prompt]] = lambda: Prompt.objects.filter(pk=Given.of(Prompt, "pk")),
) -> Change:
    """Every change to that state writes the same columns, so there are as many as transitions."""
    sources = [state for state, targets in TRANSITIONS.items() if to in targets]
    return Change(
        f"prompt_becomes_{to}",
        lambda: rows().filter(
            state__in=sources, attempts=Given("attempt", PositiveSmallIntegerField())
        ),
        state=to,
        **{name: Given.of(Prompt, name) for name in names},
    )
