"""The starter course in the demonstration study, and a clock to move.

Models are imported where they are used: this file may be read before Django is set up.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings

# A Monday morning. The first Thursday evening after it is 8 January, 19:00.
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)

Clock = Callable[[datetime], None]


@pytest.fixture
def clock() -> Iterator[Clock]:
    """It is `MONDAY`, and time passes; `clock(moment)` goes to another moment."""
    with time_machine.travel(MONDAY, tick=True) as traveller:
        yield traveller.move_to


@pytest.fixture
def study(live_server: Any, clock: Clock) -> Any:
    """Recruiting since a week before `MONDAY`, with the real course and documents."""
    from courses.loading import load_course
    from demo.study import make_study

    course = Path(settings.BASE_DIR) / "content" / "self-compassion"
    loaded = load_course(course, publish=True, now=MONDAY - timedelta(days=7))
    return make_study(edition=loaded.edition, now=MONDAY - timedelta(days=7))
