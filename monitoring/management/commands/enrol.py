"""enrol STUDY FILE.csv [--dry-run]: invite, or enrol, everybody in a list; or nobody."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from monitoring.access import rights
from monitoring.enrol import faults, saving
from monitoring.enrol.checking import Checked, check
from monitoring.enrol.faults import Fault
from monitoring.enrol.reading import MOST_BYTES
from participants.addresses import as_kept
from participants.inviting import CannotInvite
from participants.models import User
from studies.models import Study


class Command(BaseCommand):
    help = "Invites the people in a CSV file, or enrols those who agreed elsewhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the study's short name in addresses")
        parser.add_argument("file", type=Path, metavar="FILE.csv", help="see the page Enrol")
        parser.add_argument(
            "--dry-run", action="store_true", help="look at all of it, save nothing"
        )
        parser.add_argument("--by", metavar="EMAIL", help="whoever answers for it, of the staff")
        parser.add_argument(
            "--eligibility-checked",
            action="store_true",
            help="for consent taken elsewhere: " + str(saving.ATTESTATION).replace("%", "%%"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        study = _study(options["study"])
        by = _member(options["by"], study) if options["by"] else None
        content = _content(options["file"])
        checked = check(content, study, now=now, said=Bar(self.stderr, _("checked")))
        self._refuse_faulty(checked)
        self._tell(checked.doubts)
        if options["dry_run"]:
            self.stdout.write(_("Every line is right. Nothing was saved."))
            self._say(checked, _("To invite: %(invited)d. To enrol: %(agreed)d."))
            return
        _refuse_unanswered_for(checked, by, attested=options["eligibility_checked"])
        self._save(checked, study, by)

    def _save(self, checked: Checked, study: Study, by: User | None) -> None:
        """Not as of before it was looked at: an export may have been made meanwhile."""
        now, bar, whole = timezone.now(), Bar(self.stderr, _("saved")), len(checked.people)
        try:
            saving.save(checked, study, by=by, now=now, said=lambda count: bar(count, whole))
        except CannotInvite as refusal:
            words = _("Nobody was invited: somebody was quicker. %s")
            raise CommandError(words % refusal.message) from refusal
        self._say(checked, _("Invited: %(invited)d. Enrolled: %(agreed)d."))

    def _say(self, checked: Checked, words: str) -> None:
        counts = {"invited": len(checked.invited), "agreed": len(checked.agreed)}
        self.stdout.write(words % counts)

    def _refuse_faulty(self, checked: Checked) -> None:
        if not checked.faults:
            return
        self._tell(checked.faults)
        raise CommandError(_("Nothing was saved. Put right what is said above."))

    def _tell(self, found: list[Fault]) -> None:
        for each in faults.told(found):
            column = f" ({each.column})" if each.column else ""
            self.stderr.write(f"{each.where}{column}: {each.words}")


class Bar:
    """How far it is, on one line of a terminal; elsewhere it says nothing."""

    WIDTH = 30
    EVERY = 0.1  # seconds

    def __init__(self, out: OutputWrapper, done: str) -> None:
        self._out, self._done = out, done
        self._said = 0.0

    def __call__(self, count: int, whole: int) -> None:
        is_last, now = count == whole, time.monotonic()
        if not self._out.isatty() or (now - self._said < self.EVERY and not is_last):
            return
        self._said = now
        full = count * self.WIDTH // whole
        bar = "█" * full + "░" * (self.WIDTH - full)
        words = f"\r{bar} {count:,} / {whole:,} {self._done}"
        self._out.write(words, style_func=str, ending="\n" if is_last else "")
        self._out.flush()


def _study(slug: str) -> Study:
    study = Study.objects.filter(slug=slug).first()
    if study is None:
        slugs = ", ".join(Study.objects.order_by("slug").values_list("slug", flat=True))
        said = _("There is no study “%(slug)s”. There are: %(slugs)s.")
        raise CommandError(said % {"slug": slug, "slugs": slugs or _("none")})
    return study


def _member(email: str, study: Study) -> User:
    user = User.objects.filter(email=as_kept(email), is_active=True).first()
    if user is None or not rights(user, study).manages:
        raise CommandError(_("%s does not manage this study.") % email)
    return user


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        words = _("%(file)s cannot be read: %(why)s.")
        raise CommandError(words % {"file": path, "why": error.strerror}) from error


def _refuse_unanswered_for(checked: Checked, by: User | None, *, attested: bool) -> None:
    """Consent taken elsewhere is entered by somebody, who says that these people may join."""
    if not checked.agreed:
        return
    if by is None:
        words = _("Some of these people agreed elsewhere. Say with --by EMAIL who enters that.")
        raise CommandError(words)
    if not attested:
        words = _(
            "Some of these people agreed elsewhere. Add --eligibility-checked if this holds: "
        )
        raise CommandError(words + str(saving.ATTESTATION))
