"""One line a mail whose fate was known by the cut, or that may or may not have arrived."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When

from monitoring.export.columns import Column, category, clock, integer, labels, moment, person, text
from monitoring.export.cut import Cut, recorded
from monitoring.export.file import File, Row, read
from monitoring.export.zones import ZONE
from scheduling.housekeeping import IN_FLIGHT
from scheduling.models import Kind, Prompt

State = Prompt.State
_STATES = {
    value: label
    for value, label in labels(State).items()
    if value not in {State.PLANNED, State.SENDING}
}


def columns(cut: Cut) -> list[Column]:
    until = cut.until
    return [
        *person(),
        category("kind", "What the mail is.", Kind),
        integer("week", "Its week; 0 where it is of no week.", unit="week", of="occurrence"),
        integer("copy", "0, or n for the nth time it was sent again.", unit="copies"),
        category("state", "What had become of it by the cut.", _STATES, of="state_then"),
        category(
            "reason",
            "Why it did not go or failed, where it did not.",
            Prompt.Reason,
            of="reason_then",
        ),
        *_planned(),
        integer("attempts", "How often it was tried.", unit="attempts"),
        *moment("attempted_at", "Last tried.", until=until),
        *moment("sent_at", "The mail server took it.", until=until, of="sent_then"),
        *moment("settled_at", "Its state became final.", until=until),
        *moment("bounced_at", "We heard that it came back.", until=until),
        *moment("complained_at", "We heard that it was called spam.", until=until),
        integer(
            "wording", "Version of the words it has.", unit="version number", of="wording__version"
        ),
        text(ZONE, "Time zone in which it was planned."),
    ]


def _planned() -> list[Column]:
    """A plan may lie beyond the cut."""
    utc, _local = moment("due_at", "Planned for.", until=None)
    meaning = "Planned for. On the clock of the column zone."
    return [utc, clock("due_at_local", meaning, reads=("local_date", "local_time"))]


def rows(cut: Cut, names: Sequence[str]) -> Iterator[Row]:
    return read(known(cut), names, person="enrolment__")


def known(cut: Cut) -> "QuerySet[Any]":
    """In the order of people. `state_then`, `reason_then` and `sent_then` are as of the cut.

    Of a mail that was under way at the cut it was not known yet what would become of it. It is
    unconfirmed once that has lasted as long as for the sender itself; before, it is left out.
    """
    settled = Q(settled_at__lte=cut.until)
    under_way = [State.SENDING, State.UNCONFIRMED, State.SENT, State.FAILED]
    unsettled = Q(attempted_at__lte=cut.until - IN_FLIGHT, state__in=under_way)
    return (
        Prompt.objects.filter(recorded(cut, "enrolment__"))
        .filter(settled | unsettled)
        .annotate(
            state_then=Case(When(settled, then=F("state")), default=Value(State.UNCONFIRMED.value)),
            reason_then=Case(When(settled, then=F("reason")), default=Value("")),
            sent_then=Case(When(settled, then=F("sent_at")), default=None),
        )
        .order_by("enrolment_id", "kind", "occurrence", "copy")
    )


PROMPTS = File(
    name="prompts.csv",
    about="One line for each mail that was sent, failed, was not needed, came too late, was "
    "cancelled, or may or may not have arrived. What was still planned is not here.",
    columns=columns,
    rows=rows,
)
