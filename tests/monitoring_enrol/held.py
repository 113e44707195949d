"""A list held half saved, for a look at what is there meanwhile."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from monitoring.enrol import progress


class Held:
    """A list that is being told of, and waits half saved until it is let go. `ending` is raised
    there. Lists that are sent the plain way are saved as ever.
    """

    def __init__(self, save: Callable[..., Any]) -> None:
        self._save = save
        self.is_half_done, self.may_go_on = threading.Event(), threading.Event()
        self.connection: Any = None
        self.ending: Exception | None = None

    def __call__(self, *args: Any, **options: Any) -> Any:
        if threading.current_thread().name != progress.THREAD:
            return self._save(*args, **options)
        self.connection = connections["default"]
        said = options.pop("said")

        def say(done: int) -> None:
            said(done)
            self.is_half_done.set()
            assert self.may_go_on.wait(30)
            if self.ending:
                raise self.ending

        return self._save(*args, said=say, **options)


def wait_for_the_end() -> None:
    for thread in threading.enumerate():
        if thread.name == progress.THREAD:
            thread.join(timeout=60)
            assert not thread.is_alive()
