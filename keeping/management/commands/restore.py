"""restore DIR: a backup, put into an empty database and an empty MEDIA_ROOT."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from keeping import stopping
from keeping.refusing import CannotKeep
from keeping.restoring import restore


class Command(BaseCommand):
    help = "Puts a backup into an empty database and an empty MEDIA_ROOT, whole or not at all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="what “backup” has made")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with stopping.in_order():
                made = restore(options["folder"])
        except CannotKeep as error:
            raise CommandError(error.message) from error
        words = _("Restored: the database and %(media)d media, as of %(at)s.")
        self.stdout.write(words % {"media": len(made.files) - 1, "at": made.made_at})
        if made.missing:
            words = _("The backup never had these media: %(names)s.")
            self.stdout.write(words % {"names": ", ".join(made.missing)})
