"""backup DIR: the database and the media, as they are at one moment, in a new folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from keeping import stopping
from keeping.making import make
from keeping.refusing import CannotKeep


class Command(BaseCommand):
    help = "Writes the database and the media into a new folder. The platform may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="a new folder")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with stopping.in_order():
                made = make(options["folder"], now=timezone.now())
        except CannotKeep as error:
            raise CommandError(error.message) from error
        words = _("The database and %(media)d media, as of %(at)s: %(folder)s")
        about = {"media": len(made.files) - 1, "at": made.made_at, "folder": options["folder"]}
        self.stdout.write(words % about)
        if made.missing:
            words = _(
                "The backup was made, but these media are not in MEDIA_ROOT, or are not what they "
                "were: %(names)s. Put them back from an earlier backup."
            )
            raise CommandError(words % {"names": ", ".join(made.missing)})
