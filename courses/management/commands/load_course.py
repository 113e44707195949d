"""load_course FOLDER [--publish]: reads a course folder into an edition."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.loading import CourseFolderError, Loaded, load_course


class Command(BaseCommand):
    help = "Reads a course folder. Changed content makes a new draft; --publish publishes it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder with a course.toml")
        parser.add_argument("--publish", action="store_true", help="publish what was read")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            loaded = load_course(options["folder"], publish=options["publish"], now=now)
        except CourseFolderError as error:
            heading = _("The course was not loaded, and nothing was changed.")
            raise CommandError("\n".join([heading, *error.sentences])) from error
        self.stdout.write(_said(loaded))


def _said(loaded: Loaded) -> str:
    if loaded.created and loaded.published:
        sentence = _("%s was loaded and published.")
    elif loaded.published:
        sentence = _("%s held this content already, and is now published.")
    elif not loaded.created:
        sentence = _("%s holds this content already.")
    else:
        sentence = _("%s was loaded as a draft. Publish it with --publish, or in the admin.")
    return sentence % loaded.edition
