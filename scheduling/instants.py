"""A moment without a time zone is refused at the door, not shifted without a word."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from scheduling import timetable

P = ParamSpec("P")
T = TypeVar("T")


def needs_instants(function: Callable[P, T]) -> Callable[P, T]:
    """Raises `ValueError` for a `now` or `at` (by keyword) that says no time zone."""

    @wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        for name in ("now", "at"):
            given = kwargs.get(name)
            if isinstance(given, datetime):
                timetable.refuse_naive(given)
        return function(*args, **kwargs)

    return guarded
