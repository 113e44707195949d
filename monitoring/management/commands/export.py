"""export STUDY --out DIR [--until ISO]: a study's data as a folder of files."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring.export import cut, folder, record
from monitoring.export.cut import Cut, NoCut
from monitoring.export.folder import CannotWrite
from monitoring.export.making import Export
from monitoring.export.settling import settled
from monitoring.export.snapshot import snapshot
from studies.models import Study


class Command(BaseCommand):
    help = "Writes a study's data, by code and as it was at one moment, into a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="the study's short name in addresses")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
        parser.add_argument(
            "--until", metavar="ISO", help="the cut, like 2026-10-25T09:00Z; without it, now"
        )
        parser.add_argument("--with-test", action="store_true", help="test people too, marked")
        parser.add_argument("--with-arm", action="store_true", help="say who is in which arm")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            asked = Cut(
                study=_study(options["study"]),
                until=_until(options["until"], now),
                with_test=options["with_test"],
                with_arm=options["with_arm"],
            )
            self._write(asked, options["out"], now, is_now=options["until"] is None)
        except (NoCut, CannotWrite) as error:
            raise CommandError(error.message) from error

    def _write(self, asked: Cut, out: Path, now: datetime, *, is_now: bool) -> None:
        folder.refuse_taken(out)
        export = Export(settled(asked, is_now=is_now))
        begun = record.began(export.cut, by=None, now=now)
        with snapshot():
            folder.write(export, out)
        record.ended(begun, rows=export.rows, now=timezone.now())
        rows = sum(export.rows.values())
        said = _("%(rows)d rows in %(files)d files, as of %(until)s: %(out)s")
        until = f"{export.cut.until:%Y-%m-%dT%H:%M:%SZ}"
        about = {"rows": rows, "files": len(export.hashes) + 1, "until": until, "out": out}
        self.stdout.write(said % about)


def _study(slug: str) -> Study:
    study = Study.objects.filter(slug=slug).first()
    if study is None:
        slugs = ", ".join(Study.objects.order_by("slug").values_list("slug", flat=True))
        said = _("There is no study “%(slug)s”. There are: %(slugs)s.")
        raise CommandError(said % {"slug": slug, "slugs": slugs or _("none")})
    return study


def _until(given: str | None, now: datetime) -> datetime:
    return cut.whole(now, now=now) if given is None else cut.moment(given, now=now)
