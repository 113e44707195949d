"""SIGTERM, Ctrl-C and the end of a terminal end a command in order: what is half done goes."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.utils.translation import gettext as _

from keeping.refusing import CannotKeep

_STOP = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def in_order() -> Iterator[None]:
    """Raises CannotKeep once everything within has tidied up after itself. What was ignored before,
    as under nohup, still is.
    """
    before = {each: signal.getsignal(each) for each in _STOP}
    heard = [each for each in _STOP if before[each] != signal.SIG_IGN]
    for each in heard:
        signal.signal(each, _stop)
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise CannotKeep(_("Stopped, and nothing was left behind.")) from stopped
    finally:
        for each in heard:
            signal.signal(each, before[each])


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Once: whoever is impatient does not interrupt the tidying."""
    for each in _STOP:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt
