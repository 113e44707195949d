"""Choosing a day: from here on a person takes part, and everything they will be sent is written."""

from collections.abc import Iterator
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Min

from courses.models import Module
from participants.models import Enrolment, Session
from scheduling import plan as plans
from scheduling import timetable
from scheduling.instants import needs_instants
from scheduling.models import Kind, PlanChange, Prompt, Rhythm
from scheduling.plan import Beat, Plan, PlannedSession
from scheduling.services.ahead import NotTakingPart
from scheduling.services.mail import write_now
from scheduling.services.moving import change_day
from scheduling.services.recording import record
from scheduling.services.words import install_wordings


@needs_instants
@transaction.atomic
def choose_day(
    *, enrolment: Enrolment, weekday: int, local_time: time, zone: str, now: datetime
) -> Rhythm:
    """Write the rhythm, the sessions and every mail up to the last, and the welcome due now.

    Someone who has chosen already changes their day instead; the same choice twice changes nothing.
    Raises `ValidationError` for a weekday or zone that does not exist, `NotTakingPart` after
    withdrawal.
    """
    locked = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if locked.is_withdrawn:
        raise NotTakingPart(locked)
    chosen = Rhythm.objects.filter(enrolment=locked).first()
    if chosen is not None:
        return _chosen_again(chosen, weekday, local_time, zone, now)
    modules = list(locked.edition.modules.order_by("week"))
    beat = Beat(weekday=weekday, local_time=local_time, zone=zone)
    rhythm = _rhythm(locked, beat)
    plan = plans.of_modules(modules, beat, now=now)
    rhythm.first_date = plan[0].local_date
    rhythm.save()
    _record(rhythm, now)
    _write(locked, modules, plan)
    _activate(enrolment, locked, now)
    install_wordings(study=locked.study, now=now)
    write_now(enrolment=locked, kind=Kind.WELCOME, now=now)
    return rhythm


def _chosen_again(
    chosen: Rhythm, weekday: int, local_time: time, zone: str, now: datetime
) -> Rhythm:
    if (chosen.weekday, chosen.local_time, chosen.zone) == (weekday, local_time, zone):
        return chosen
    change_day(
        enrolment=chosen.enrolment, weekday=weekday, local_time=local_time, zone=zone, now=now
    )
    chosen.refresh_from_db()
    return chosen


def _rhythm(enrolment: Enrolment, beat: Beat) -> Rhythm:
    rhythm = Rhythm(
        enrolment=enrolment,
        weekday=beat.weekday,
        local_time=beat.local_time,
        zone=beat.zone,
        mail_off_since=_called_spam_at(enrolment),
    )
    rhythm.full_clean(exclude=["first_date"])
    return rhythm


def _record(rhythm: Rhythm, now: datetime) -> None:
    record(rhythm, PlanChange.Kind.CHOSE, by=PlanChange.By.PERSON, now=now)
    if rhythm.mail_off_since is not None:
        record(rhythm, PlanChange.Kind.MAIL_OFF, by=PlanChange.By.REPORT, now=now)


def _called_spam_at(enrolment: Enrolment) -> datetime | None:
    """A mail of before: what that would have stopped had not been planned yet."""
    complaints = Prompt.objects.filter(enrolment=enrolment).aggregate(first=Min("complained_at"))
    first: datetime | None = complaints["first"]
    return first


def _write(enrolment: Enrolment, modules: list[Module], plan: Plan) -> None:
    Session.objects.bulk_create(
        Session(enrolment=enrolment, module=module, opens_at=week.opens_at)
        for module, week in zip(modules, plan, strict=True)
    )
    Prompt.objects.bulk_create(list(_prompts(enrolment, plan)))


def _prompts(enrolment: Enrolment, plan: Plan) -> Iterator[Prompt]:
    for week in plan:
        yield _prompt(enrolment, Kind.SESSION, week.week, week.local_date, week)
        yield _prompt(enrolment, Kind.NUDGE, week.week, week.nudge_date, week)
    yield _prompt(enrolment, Kind.FAREWELL, 0, plan[-1].farewell_date, plan[-1])


def _prompt(
    enrolment: Enrolment, kind: Kind, occurrence: int, day: date, week: PlannedSession
) -> Prompt:
    due_at = timetable.instant(day, week.local_time, week.zone)
    return Prompt(
        enrolment=enrolment,
        kind=kind,
        occurrence=occurrence,
        due_at=due_at,
        next_attempt_at=due_at,
        local_date=day,
        local_time=week.local_time,
        zone=week.zone,
    )


def _activate(enrolment: Enrolment, locked: Enrolment, now: datetime) -> None:
    locked.status = Enrolment.Status.ACTIVE
    locked.day_chosen_at = now
    locked.save(update_fields=["status", "day_chosen_at"])
    enrolment.status = locked.status
    enrolment.day_chosen_at = locked.day_chosen_at
