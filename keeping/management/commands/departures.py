"""departures [--repeat FILE …]: who has left, by code; or the same, done again after a restore."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from keeping import departures
from keeping.refusing import CannotKeep


class Command(BaseCommand):
    help = "Lists who has left, by code. With --repeat, lets those leave a restored database too."

    def add_arguments(self, parser: CommandParser) -> None:
        words = "such lists, oldest first"
        parser.add_argument("--repeat", type=Path, nargs="+", metavar="FILE", help=words)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repeat"] is None:
            csv.writer(self.stdout).writerows(departures.lines())
            return
        try:
            done, unknown = departures.repeat(_opened(options["repeat"]), now=timezone.now())
        except (CannotKeep, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        words = _("%(done)d done again. %(unknown)d joined after the backup, and are not in it.")
        self.stdout.write(words % {"done": done, "unknown": unknown})


def _opened(paths: list[Path]) -> Iterator[IO[str]]:
    """One after the other: of a month there are 720."""
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            yield file
