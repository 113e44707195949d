"""A clock that runs sixty times as fast, and is the same in every process of a storm.

Only what the platform calls now is quick: an SMTP server's seconds, and the operating system's, are
what they are.
"""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime

_EPOCH, _SPEED = "STORM_EPOCH", "STORM_SPEED"


@dataclass(frozen=True)
class QuickClock:
    """`epoch` is the Unix time at which it began, at the machine's own hour."""

    epoch: float
    speed: float = 60.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.epoch + (time.time() - self.epoch) * self.speed, UTC)

    @property
    def environment(self) -> dict[str, str]:
        return {_EPOCH: str(self.epoch), _SPEED: str(self.speed)}


def from_environment() -> QuickClock:
    return QuickClock(float(os.environ[_EPOCH]), float(os.environ[_SPEED]))
