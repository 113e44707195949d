"""From nothing to a running demonstration: `make run` calls this."""

import errno
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from demo import interruptions, preparation, processes, second_step
from demo.stories import EDITOR, PARTICIPANT, RESEARCHER

BANNER = """
The demonstration is running. Press Ctrl-C to stop it; what you did is kept.

  Join the demo study      {site}/
  Sign in                  {site}/accounts/login/
  Read the mail            {site}/mail/
  For staff                {site}/staff/
  For editors              {site}/admin/

There are no passwords. To sign in, type one of these addresses, then read the code at /mail/:

  {participant:<28} half-way through the four weeks
  {researcher:<28} sees the study’s people, enrols and exports
  {editor:<28} edits the study and its course
{second_step}"""
SECOND_STEP = """
Staff then need a second code, as from an app on a phone. You need no phone: it stands at
{site}/mail/ as well, and “make code” shows it. An app of your own takes these keys:

{keys}
"""


class Command(BaseCommand):
    help = "Prepares and runs the demonstration: web pages, sender and a mailbox to read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default=8000)
        parser.add_argument("--prepare-only", action="store_true", help="Prepare, but do not run.")

    def handle(self, *args: Any, port: str | int, prepare_only: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("Set DEMO=true to run the demonstration, or use “make run”."))
        number = None if prepare_only else _number(port)
        interruptions.let_either_signal_interrupt()
        try:
            self._prepare_and_run(number)
        except KeyboardInterrupt:
            self._say(_("Stopped."))

    def _prepare_and_run(self, port: int | None) -> None:
        if port is not None:
            _refuse_taken(port)
        preparation.prepare(now=timezone.now(), say=self._say)
        if port is not None:
            self._run(port)

    def _run(self, port: int) -> None:
        with processes.running(port) as started:
            self._say(
                BANNER.format(
                    site=settings.SITE_URL,
                    participant=PARTICIPANT,
                    researcher=RESEARCHER,
                    editor=EDITOR,
                    second_step=_second_step(),
                )
            )
            processes.watch(started)
        self._say(_("Stopped."))

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _second_step() -> str:
    codes = second_step.codes(now=timezone.now())
    keys = "\n".join(f"  {each.email:<28} {each.key}" for each in codes)
    return SECOND_STEP.format(site=settings.SITE_URL, keys=keys)


def _number(port: str | int) -> int:
    given = str(port)
    if not (given.isdecimal() and 1 <= int(given) <= 65535):
        raise CommandError(
            _("“%s” is no port. Take a number up to 65535: make run PORT=8000") % given
        )
    return int(given)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    _("Port %(port)d is in use. Try another: make run PORT=%(other)d")
                    % {"port": port, "other": port + 1}
                ) from error
            raise
