"""SIGTERM and Ctrl-C end a command in order: what is half done goes."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from keeping.refusing import CannotKeep


@contextmanager
def in_order() -> Iterator[None]:
    """Raises CannotKeep once everything within has tidied up after itself."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt as stopped:
        raise CannotKeep(_("Stopped, and nothing was left behind.")) from stopped
    finally:
        signal.signal(signal.SIGTERM, before)
