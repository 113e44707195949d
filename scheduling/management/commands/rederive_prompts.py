"""Run at each deployment: an update of `tzdata` may have moved the instants of what is ahead."""

from typing import Any

from django.core.management.base import BaseCommand

from participants.models import Enrolment
from scheduling.services import NotTakingPart, rederive


class Command(BaseCommand):
    help = "Compute the instants of all unsent prompts anew, from their local dates and times."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = 0
        for enrolment in Enrolment.objects.active().order_by("pk").iterator():
            try:
                changed += rederive(enrolment=enrolment)
            except NotTakingPart as left:
                self.stderr.write(f"{left}: passed by")
        self.stdout.write(f"{changed} moved")
