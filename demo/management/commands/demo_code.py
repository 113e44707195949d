"""The second codes of the demonstration's staff, as an app on a phone would show them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from demo import second_step

LINE = "  {each.email:<28} {each.now}, good for {each.seconds} s more; then {each.following}"


class Command(BaseCommand):
    help = "Shows the codes that the demonstration's staff need at signing in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(_("Set DEMO=true to see the demonstration’s codes, or “make code”."))
        codes = second_step.codes(now=timezone.now())
        if not codes:
            raise CommandError(_("There is no demonstration yet. Start it with “make run”."))
        for each in codes:
            self.stdout.write(LINE.format(each=each))
