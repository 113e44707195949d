"""Run at each deployment: an update of `tzdata` may have moved the instants of what is ahead."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from scheduling.services import NotTakingPart, rederive, rules


class Command(BaseCommand):
    help = "Compute the instants of all unsent prompts anew, from their local dates and times."

    def handle(self, *args: Any, **options: Any) -> None:
        """Nobody is looked at whose zone has the rules it had."""
        found = rules.compared()
        for zone in sorted(found.gone):
            self.stderr.write(f"{zone} is no time zone any more: what is planned there stays")
        changed = 0
        for enrolment in rules.people_in(found.changed).iterator():
            try:
                changed += rederive(enrolment=enrolment, now=timezone.now())
            except NotTakingPart as left:
                self.stderr.write(f"{left}: passed by")
        self.stdout.write(f"{changed} moved")
