"""Another weekday, hour or clock for the weeks ahead."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring.actions.deed import Asked, CannotBeDone, Deed, Done, Preview
from monitoring.actions.moved import Moving, details_of, taking_part, told_after
from monitoring.models import StaffAction
from monitoring.person.found import rhythm_of, zone_of
from participants.models import Enrolment, User
from scheduling import preview, services
from scheduling.day_form import DayForm
from scheduling.models import PlanChange


class MoveDay(Deed):
    name = "move-day"
    kind = StaffAction.Kind.MOVE_DAY
    words = gettext_lazy("Change their day")
    button = gettext_lazy("Change the day")

    def is_offered(self, person: Enrolment, *, now: datetime) -> bool:
        return taking_part(person)

    def asking(self, person: Enrolment, data: Any, *, now: datetime) -> DayForm:
        form = DayForm(data, zone=zone_of(person), initial=_chosen(person))
        weekday, hour, zone = (form.fields[name] for name in ("weekday", "local_time", "zone"))
        weekday.label, hour.label, zone.label = _("Weekday"), _("Time"), _("On the clock of")
        hour.help_text = zone.help_text = ""
        return form

    def preview(self, person: Enrolment, asked: Asked, *, now: datetime) -> Preview:
        with Moving():
            change = preview.of_changing_day(enrolment=person, now=now, **asked)
        if dict(asked) == _chosen(person) and not change.moves_anything:
            raise CannotBeDone(_("This is their day and time already."))
        sentences = [_("Weeks that are open stay open."), _("No email tells them. Tell them.")]
        return Preview(sentences=sentences, change=change, shown=asdict(change))

    def do(self, person: Enrolment, asked: Asked, said: Asked, *, by: User, now: datetime) -> Done:
        before = _chosen(person)
        with Moving():
            change = services.change_day(enrolment=person, now=now, by=PlanChange.By.STAFF, **asked)
        return Done(
            shown=asdict(change),
            words=told_after(_("Their day is changed."), change),
            details={"from": _plain(before), "to": _plain(asked), **details_of(change)},
        )


def _chosen(person: Enrolment) -> dict[str, Any]:
    rhythm = rhythm_of(person)
    if rhythm is None:
        return {}
    return {"weekday": rhythm.weekday, "local_time": rhythm.local_time, "zone": rhythm.zone}


def _plain(chosen: Asked) -> dict[str, Any]:
    return {**chosen, "local_time": f"{chosen['local_time']:%H:%M}"}
