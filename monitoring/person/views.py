"""One person, by code: what happened, what is next, and what can be done."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from monitoring.access import ResearcherRequest, Rights, researcher_required
from monitoring.actions.offers import offered
from monitoring.people.rows import line, with_all_that_is_told
from monitoring.person import told_changes, told_mails, told_staff, told_steps, told_use, weeks
from monitoring.person.entries import by_day
from monitoring.person.found import person_named, rhythm_of, zone_of
from participants.agreeing_anew import waiting
from participants.inviting.ending import ANSWER_WITHIN
from participants.models import Enrolment, Invitation


@require_safe
@researcher_required
@person_named
def person(request: ResearcherRequest, person: Enrolment) -> HttpResponse:
    now, zone = timezone.now(), zone_of(person)
    prompts = told_mails.of(person, now=now)
    sessions = list(person.sessions.in_order())
    used, there_is_more = told_use.of(person, sessions)
    happened = [
        *used,
        *told_mails.behind(prompts),
        *told_changes.of(person),
        *told_steps.of(person, with_arm=request.rights.arm),
        *told_staff.of(person, request),
    ]
    context = {
        **_standing(person, request.rights, now),
        "enrolment": person,
        "rhythm": rhythm_of(person),
        "zone": zone,
        "now": now,
        "ahead": told_mails.ahead(prompts),
        "stays": told_mails.stays(prompts),
        "invitation_ends": _invitation_ends(person),
        "waiting": waiting(person),
        "back": QueryDict(request.GET.get("list", "")).urlencode(),
        "days": by_day(happened, zone),
        "there_is_more": there_is_more,
        "weeks": weeks.lines(sessions, prompts, now=now),
        "rights": request.rights,
        "offered": offered(person, request.rights, now=now),
    }
    return render(request, "monitoring/person/person.html", context)


def _invitation_ends(person: Enrolment) -> datetime | None:
    if person.status != Enrolment.Status.INVITED:
        return None
    invited = Invitation.objects.filter(enrolment=person).only("invited_at").first()
    return invited.invited_at + ANSWER_WITHIN if invited is not None else None


def _standing(person: Enrolment, held: Rights, now: datetime) -> dict[str, Any]:
    """As the list has it, so that both say the same."""
    one = Enrolment.objects.filter(pk=person.pk)
    told = with_all_that_is_told(one, person.study, held, now=now).get()
    return {
        "this_study": person.study,
        "staff_place": "people",
        "person": line(told, held, now=now),
    }
