"""For what must not hold up the rest: a failure is logged, and whoever comes next tries again."""

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)


def safely(what: str, work: Callable[[], int | None]) -> int:
    """What `work` returns, or 0. Only the kind of error is logged: its words may name a person."""
    try:
        return work() or 0
    except Exception as error:  # noqa: BLE001
        logger.error("%s failed: %s", what, type(error).__name__)  # noqa: TRY400
        return 0
