"""When invitations go: a few at once, many one after the other. Pure, but for where the last stand.

Whatever is due goes in the order of its time. So that fifty thousand invitations are never due
before a cohort's sessions, they are planned four a second, each upload behind the one before; who
is due at seven then waits behind sixty of them at most, whatever was uploaded. Their reminders come
a week after, and are spread as they are.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from scheduling.models import Bookmark

# So few are no queue: whoever invites one person sees the mail go.
AT_ONCE = 25
STEP = timedelta(seconds=15)
EACH_STEP = 60

_END = "invitations"


def moments(count: int, *, now: datetime) -> list[datetime]:
    """When so many are due, in order. In a transaction: other uploads wait for their places."""
    if count <= AT_ONCE:
        return [now] * count
    end, _created = Bookmark.objects.select_for_update().get_or_create(
        name=_END, defaults={"next_attempt_at": now, "prompt_id": 0}
    )
    due = list(spread(count, begin=max(now, end.next_attempt_at)))
    end.next_attempt_at = due[-1] + STEP
    end.save(update_fields=["next_attempt_at"])
    return due


def spread(count: int, *, begin: datetime) -> Iterator[datetime]:
    for number in range(count):
        yield begin + number // EACH_STEP * STEP
