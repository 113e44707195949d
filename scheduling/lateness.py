"""Until when a prompt that could not go on time may go. Pure."""

from datetime import datetime, timedelta

from scheduling.models import Kind

APOLOGY_AFTER = timedelta(hours=24)
BEFORE_NEXT_SESSION = timedelta(hours=24)
LAST_SESSION = timedelta(days=6)
REMINDER = timedelta(hours=48)
INVITATION = timedelta(days=14)
OTHERS = timedelta(days=7)


def last_moment(
    *, kind: str, due_at: datetime, next_session_at: datetime | None, is_copy: bool = False
) -> datetime:
    """The last instant (UTC) at which it may go; after it the prompt counts as missed.

    `next_session_at` is when the following week's mail is due, None for the last week. A copy was
    asked for, so it goes within two days whatever its kind.
    """
    if is_copy or kind in {Kind.NUDGE, Kind.REMINDER}:
        return due_at + REMINDER
    if kind in {Kind.INVITATION, Kind.ELSEWHERE}:
        return due_at + INVITATION
    if kind != Kind.SESSION:
        return due_at + OTHERS
    if next_session_at is None:
        return due_at + LAST_SESSION
    return next_session_at - BEFORE_NEXT_SESSION


def is_late(*, due_at: datetime, now: datetime) -> bool:
    """Whether the mail says so."""
    return now - due_at > APOLOGY_AFTER
