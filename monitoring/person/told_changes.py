"""What is told of the changes of a person's plan: another day, a break, emails off."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from monitoring.person.entries import LOOK, NOTE, OWN, Entry
from participants.models import Enrolment
from scheduling import timetable
from scheduling.models import PlanChange

Kind, By = PlanChange.Kind, PlanChange.By
_MARKS = {By.PERSON: OWN, By.STAFF: NOTE, By.REPORT: LOOK}


def of(person: Enrolment) -> Iterator[Entry]:
    """That they chose a day is told among their steps; here it is what the first change came after.
    What staff did stands beside its own entry, which says who and why.
    """
    before: PlanChange | None = None
    break_until: date | None = None
    for change in PlanChange.objects.filter(enrolment=person).order_by("at", "pk"):
        if change.kind != Kind.CHOSE:
            what, detail = _told(change, break_until), _detail(change, before)
            mark = _MARKS[By(change.by)]
            yield Entry(at=change.at, mark=mark, what=what, detail=detail)
        if change.kind in {Kind.PAUSE, Kind.RESUME}:
            break_until = change.until
        before = change


def _told(change: PlanChange, break_until: date | None) -> str:
    if change.kind == Kind.DAY:
        return _("Changed the day: %(beat)s") % {"beat": _beat(change)}
    if change.kind == Kind.PAUSE and change.until is not None:
        today = timetable.local(change.at, timetable.known_or_utc(change.zone)).date()
        on = break_until is not None and today < break_until
        words = _("Changed the break: until %(day)s") if on else _("Began a break: until %(day)s")
        return words % {"day": date_format(change.until, "l j F Y")}
    return str(change.get_kind_display())


def _detail(change: PlanChange, before: PlanChange | None) -> str:
    if change.by == By.REPORT:
        return _("A mail to them was called spam")
    parts = [_("By staff")] if change.by == By.STAFF else []
    if change.kind == Kind.DAY and before is not None:
        parts.append(_("Before: %(beat)s") % {"beat": _beat(before)})
    if change.kind == Kind.ANOTHER_WEEK:
        parts.append(_("What was ahead comes a week later"))
    return ". ".join(parts)


def _beat(change: PlanChange) -> str:
    hour = f"{change.local_time:%H:%M}"
    return f"{change.get_weekday_display()}, {hour}, {change.zone}"
