"""A person who is not there: rows that are in no database, for a page to be made with."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import Edition, Module
from participants.models import Enrolment, Session
from portal.weeks.formats import formats
from portal.weeks.forms import PracticeForm, practised_choices
from portal.weeks.outlook import outlook
from scheduling import timetable
from studies import helplines
from studies.models import Study


def week(module: Module, *, now: datetime) -> dict[str, Any]:
    """What portal.weeks.week shows a week with, on the day it opens."""
    enrolment = _enrolment(module.edition)
    sessions = _sessions(enrolment, opened=module, now=now)
    session = next(each for each in sessions if each.module == module)
    materials = list(module.materials.order_by("position"))
    return {
        "enrolment": enrolment,
        "study": enrolment.study,
        "session": session,
        "module": module,
        "formats": formats(materials),
        "asked_for": None,
        "outlook": outlook(
            sessions,
            zone=ZoneInfo(timetable.known_or_utc(enrolment.study.default_zone)),
            access_months=enrolment.study.access_months,
            now=now,
        ),
        "form": PracticeForm(
            None,
            choices=practised_choices([session], materials),
            today=timezone.localdate(now),
        ),
        "consent_is_current": True,
        "report_token": "",
        "another_way_uuid": uuid4(),
        "companions": module.edition.companions.defer("body"),
    }


def beside(edition: Edition) -> dict[str, Any]:
    """What portal.weeks.beside shows a text with, except for the text."""
    return {
        "study": _enrolment(edition).study,
        "back_to": None,
        "helplines": [f"{label}: {value}" for label, value in helplines.for_mail()[:2]],
    }


def _enrolment(edition: Edition) -> Enrolment:
    """In a study that gives this course, if there is one."""
    study = Study.objects.filter(edition__course=edition.course_id).order_by("-pk").first()
    if study is None:
        name = _("A study made up for this preview")
        study = Study(public_name=name, neutral_name=name, edition=edition)
    return Enrolment(study=study, edition=edition, code="PREVIEW")


def _sessions(enrolment: Enrolment, *, opened: Module, now: datetime) -> list[Session]:
    """One a week, of which `opened` opened now."""
    return [
        Session(
            enrolment=enrolment,
            module=module,
            opens_at=now + timedelta(weeks=module.week - opened.week),
        )
        for module in enrolment.edition.modules.order_by("week")
    ]
