"""Ctrl-C and SIGTERM while the demonstration is being made."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def let_either_signal_interrupt() -> None:
    """SIGTERM raises KeyboardInterrupt as Ctrl-C does, so that what was started is stopped."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """An interruption is heard at the end: half the people would never be made whole later."""
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = {each: signal.signal(each, hear) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if heard:
        raise KeyboardInterrupt
