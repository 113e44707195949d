"""departures [--repeat FILE]: who has left, by code; or the same, done again after a restore."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from keeping import departures
from keeping.refusing import CannotKeep


class Command(BaseCommand):
    help = "Lists who has left, by code. With --repeat, lets those leave a restored database too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repeat", type=Path, metavar="FILE", help="such a list")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repeat"] is None:
            csv.writer(self.stdout).writerows(departures.lines())
            return
        try:
            with options["repeat"].open(encoding="utf-8", newline="") as file:
                done, unknown = departures.repeat(file, now=timezone.now())
        except (CannotKeep, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        words = _("%(done)d done again. %(unknown)d joined after the backup, and are not in it.")
        self.stdout.write(words % {"done": done, "unknown": unknown})
