#!/usr/bin/env python
import os
import select
import signal
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "training_platform.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except BrokenPipeError:
        if not _has_nobody_to_read():
            raise
        # As `head` leaves who speaks to it. Python would try once more to write what is held back.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)


def _has_nobody_to_read() -> bool:
    """Whether it is the output that broke, and no line to another server."""
    output = select.poll()
    output.register(sys.stdout, 0)
    return any(event & select.POLLERR for _file, event in output.poll(0))


if __name__ == "__main__":
    main()
