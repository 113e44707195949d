"""A cut is of what is written for good, so whoever is writing is waited for, and not for long.

A moment is taken before its row is committed: whatever bears one before the cut and is committed
after the snapshot would be missing today and be there tomorrow.
"""

import time
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from monitoring.export.cut import Cut, NoCut, whole

_PATIENCE_SECONDS = 5.0
_LOOK_SECONDS = 0.02
# Between taking a moment and beginning to write, and between two clocks.
_MARGIN = timedelta(seconds=2)


def settled(given: Cut, *, is_now: bool) -> Cut:
    """The same, or, where somebody writes on and on who began before it: the newest there can be,
    if now was asked for. A list of fifty thousand people takes a minute. Raises NoCut where it was
    another moment.
    """
    until = _settled(given.until)
    if until < given.until and not is_now:
        said = _("Somebody is saving something long. Wait a minute, or choose %(moment)s at most.")
        raise NoCut(said % {"moment": f"{until:%Y-%m-%dT%H:%MZ}"})
    return replace(given, until=until)


def _settled(until: datetime) -> datetime:
    if connection.vendor != "postgresql":
        with transaction.atomic():  # gets the lock for writing, which there is one of
            return until
    _wait_for_writers()
    with connection.cursor() as cursor:
        cursor.execute(_BEGAN)
        [began] = cursor.fetchone()
    return until if began is None else min(until, whole(began - _MARGIN, now=began))


def _wait_for_writers() -> None:
    """Until those who write now are done; one that goes on for long is not waited for."""
    until = time.monotonic() + _PATIENCE_SECONDS
    # A number of our own, since a snapshot's xmax does not count those that have not ended.
    ours = _number("pg_current_xact_id()")
    while _number(_OLDEST) < ours and time.monotonic() < until:
        time.sleep(_LOOK_SECONDS)


# Of all transactions that have written and not ended.
_OLDEST = "pg_snapshot_xmin(pg_current_snapshot())"
# When the oldest of those began that have written and not ended, or wait to.
_BEGAN = """
SELECT min(xact_start) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND (backend_xid IS NOT NULL OR wait_event_type = 'Lock')
"""


def _number(expression: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}::text")
        return int(cursor.fetchone()[0])
