"""A break for somebody, and its end."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.actions.deed import Asked, Deed, Done, Preview
from monitoring.actions.forms import BreakForm
from monitoring.actions.moved import Moving, details_of, in_a_break, taking_part, told_after
from monitoring.models import StaffAction
from monitoring.person.found import rhythm_of, zone_of
from participants.models import Enrolment, User
from scheduling import preview, services, timetable
from scheduling.models import PlanChange


class Pause(Deed):
    name = "pause"
    kind = StaffAction.Kind.PAUSE
    words = gettext_lazy("Begin or change a break")
    button = gettext_lazy("Save the break")

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return taking_part(person) and (
            in_a_break(person, now=now) or preview.anything_ahead(enrolment=person)
        )

    def asking(self, person: Enrolment, data: Any, *, now: datetime) -> BreakForm:
        return BreakForm(data, today=timetable.local(now, zone_of(person)).date())

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        with Moving():
            change = preview.of_pausing(enrolment=person, until=asked["until"], now=now)
        sentences = [
            _("A break until %(day)s. Until then no session and no reminder goes.")
            % {"day": date_format(asked["until"], "l j F Y")},
            _("Weeks that are open stay open."),
            _("No email tells them. Tell them."),
        ]
        return Preview(sentences=sentences, change=change, shown=[_until(person), asdict(change)])

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        until, before = asked["until"], _until(person)
        with Moving():
            change = services.pause(enrolment=person, until=until, now=now, by=PlanChange.By.STAFF)
        return Done(
            shown=[before, asdict(change)],
            words=told_after(_("The break is saved."), change),
            details={"until": until.isoformat(), **details_of(change)},
        )


class Resume(Deed):
    name = "resume"
    kind = StaffAction.Kind.RESUME
    words = gettext_lazy("End the break")
    button = gettext_lazy("End the break now")

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return taking_part(person) and in_a_break(person, now=now)

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        with Moving():
            change = preview.of_resuming(enrolment=person, now=now)
        sentences = [_("The break ends now."), _("No email tells them. Tell them.")]
        return Preview(sentences=sentences, change=change, shown=[_until(person), asdict(change)])

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        before = _until(person)
        with Moving():
            change = services.resume(enrolment=person, now=now, by=PlanChange.By.STAFF)
        return Done(
            shown=[before, asdict(change)],
            words=told_after(_("The break is over."), change),
            details=details_of(change),
        )


def _until(person: Enrolment) -> str | None:
    rhythm = rhythm_of(person)
    until = rhythm.paused_until if rhythm is not None else None
    return until.isoformat() if until is not None else None
