"""Mail due at once, mail again, and mail on or off."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from participants.models import Enrolment
from scheduling import timetable
from scheduling.instants import needs_instants
from scheduling.models import PlanChange, Prompt, Rhythm
from scheduling.services.recording import record


@needs_instants
@transaction.atomic
def write_now(*, enrolment: Enrolment, kind: str, now: datetime, occurrence: int = 0) -> Prompt:
    """A prompt of this kind, due now. Where there is one already this is a further copy."""
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    before = Prompt.objects.filter(enrolment=enrolment, kind=kind, occurrence=occurrence)
    newest: int | None = before.aggregate(newest=Max("copy"))["newest"]
    zone = zone_of(enrolment)
    there = timetable.local(now, zone)
    return Prompt.objects.create(
        enrolment=enrolment,
        kind=kind,
        occurrence=occurrence,
        copy=0 if newest is None else newest + 1,
        due_at=now,
        next_attempt_at=now,
        local_date=there.date(),
        local_time=there.time(),
        zone=zone,
    )


@needs_instants
def send_again(*, prompt: Prompt, now: datetime) -> Prompt:
    """A new copy, due now; what became of the earlier ones stays as it is."""
    return write_now(
        enrolment=prompt.enrolment, kind=prompt.kind, occurrence=prompt.occurrence, now=now
    )


@needs_instants
@transaction.atomic
def stop_mail(
    *, enrolment: Enrolment, now: datetime, by: PlanChange.By = PlanChange.By.PERSON
) -> None:
    """No more sessions, reminders or last mail. A setting, no withdrawal: the weeks stay open."""
    rhythm = _locked_rhythm(enrolment)
    if rhythm is not None and rhythm.mail_off_since is None:
        _switch(rhythm, off_since=now)
        record(rhythm, PlanChange.Kind.MAIL_OFF, by=by, now=now)


@needs_instants
@transaction.atomic
def restart_mail(*, enrolment: Enrolment, now: datetime) -> None:
    """Mail that is due from now on goes again."""
    rhythm = _locked_rhythm(enrolment)
    if rhythm is not None and rhythm.mail_off_since is not None:
        _switch(rhythm, off_since=None)
        record(rhythm, PlanChange.Kind.MAIL_ON, by=PlanChange.By.PERSON, now=now)


def _locked_rhythm(enrolment: Enrolment) -> Rhythm | None:
    """The person first, as whoever changes the day does, who writes the whole rhythm."""
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    return Rhythm.objects.filter(enrolment=enrolment).first()


def _switch(rhythm: Rhythm, *, off_since: datetime | None) -> None:
    rhythm.mail_off_since = off_since
    rhythm.save(update_fields=["mail_off_since"])


def zone_of(enrolment: Enrolment) -> str:
    """The person's own zone, or the study's while (or once) there is none that is known."""
    rhythm = Rhythm.objects.filter(enrolment=enrolment).first()
    own = [rhythm.zone] if rhythm is not None else []
    return timetable.known_or_utc(*own, enrolment.study.default_zone)
